/**
 * What the transport below a connection can do. In Node all; in a page the platform's `WebSocket` nothing of it, and its
 * `WebSocketStream` hold.
 */
export interface Capabilities {
  /** Not reading makes the peer wait. Without it, what waits here is bounded by closing the connection with 1008. */
  readonly hold: boolean;
  /** Pings can be sent, and pings and pongs be seen. */
  readonly ping: boolean;
  /** One message can be sent in parts. */
  readonly fragments: boolean;
}
