/** The peer was silent, and answered no ping: the connection was cut. It stands in `CloseInfo.error`. */
export class KeepAliveError extends Error {
  override readonly name = 'KeepAliveError';
  readonly code = 'KEEP_ALIVE';
}
