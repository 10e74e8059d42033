/** The server could not listen, or its listening socket failed; `cause` is Node's error (`EADDRINUSE`, `EACCES`). */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code = 'LISTEN';
}
