import type { Clock } from '../../core/Clock.ts';
import type { KeepAlive } from '../KeepAlive.ts';

/** What all the transports of one config have in common: what their peers may do, and how long they are waited for. */
export interface WsTerms {
  /** Which end we are. */
  readonly side: 'client' | 'server';
  readonly clock: Clock;
  readonly keepAlive?: KeepAlive | undefined;
  readonly maxPingsPerSecond?: number | undefined;
  /** Past it the connection is closed; else the socket is paused until the second is over. */
  readonly closesOnPings?: boolean;
  /** False: the WebSocket answers by itself. */
  readonly answersPings?: boolean;
}
