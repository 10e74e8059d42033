/** A message was not taken, since too much waits for the peer, and the policy is `'error'`. The connection lives. */
export class OverflowError extends Error {
  override readonly name = 'OverflowError';
  readonly code = 'OVERFLOW';
}
