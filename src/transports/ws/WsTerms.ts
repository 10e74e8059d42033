import type { KeepAlive } from '../KeepAlive.ts';

/** What the peers of one config may do, and how long they are waited for. One for all their transports. */
export interface WsTerms {
  readonly keepAlive?: KeepAlive | undefined;
  readonly maxPingsPerSecond?: number | undefined;
  /** Past it the connection is closed; else the socket is paused until the second is over. */
  readonly closesOnPings?: boolean;
  /** False: the WebSocket answers by itself. */
  readonly answersPings?: boolean;
}
