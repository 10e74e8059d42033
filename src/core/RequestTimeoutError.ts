/** Nothing came that answers a request in time. A reply that comes later is ignored. */
export class RequestTimeoutError extends Error {
  override readonly name = 'RequestTimeoutError';
  readonly code = 'REQUEST_TIMEOUT';
}
