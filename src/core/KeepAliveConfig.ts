/** How a peer that is gone is noticed: by pings (RFC 6455, 5.5.2). Times are in milliseconds. */
export interface KeepAliveConfig {
  /** A peer that has sent nothing for so long is pinged. Default 20 s. */
  intervalMs?: number;
  /** How long it then has to send anything at all before the connection counts as lost. Default 20 s; `Infinity`: for ever. */
  timeoutMs?: number;
}
