import type { IncomingMessage } from 'node:http';
import type { Clock } from '../core/Clock.ts';
import type { Handshake } from '../core/Handshake.ts';
import type { Transport } from '../core/Transport.ts';
import type { AcceptWs, WsAnswer } from '../transports/ws/acceptWs.ts';
import type { RefusalAnswer } from './refuse.ts';

/** Who asked for an upgrade and waits for the answer. */
export interface Arrival {
  readonly request: IncomingMessage;
  readonly handshake: Handshake;
  /** Calls back where it leaves, or will send nothing more; the result takes that back. */
  whenLeft(left: () => void): () => void;
  /** Undefined: the request or the socket was not fit for it, and has been ended. */
  accept(handshake: AcceptWs, answer: Pick<WsAnswer, 'protocol' | 'lines'>): Transport | undefined;
  refuse(answer: RefusalAnswer, clock: Clock): void;
  /** Ends it without an answer. */
  drop(): void;
}
