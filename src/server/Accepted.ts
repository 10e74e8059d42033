/** A decision that accepts an upgrade and says how. */
export interface Accepted {
  /**
   * Beside the headers of the handshake. `Connection`, `Upgrade`, `Content-Length`, `Transfer-Encoding` and `Sec-
   * WebSocket-…` are not yours.
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** One of the subprotocols that the client offered. */
  readonly protocol?: string;
  /** Becomes `connection.context`, and its type. */
  readonly context?: unknown;
}
