import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/Clock.ts';
import type { Transport } from '../core/Transport.ts';
import type { AcceptWs, WsAnswer } from '../transports/ws/acceptWs.ts';
import type { Arrival } from './Arrival.ts';
import { type RefusalAnswer, refuse } from './refuse.ts';
import type { RequestHandshake } from './RequestHandshake.ts';

/** What comes with the `upgrade` event of a server. */
export class SocketArrival implements Arrival {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly handshake: RequestHandshake;
  /** What came behind the request in the same packet. */
  readonly head: Buffer;

  constructor(request: IncomingMessage, socket: Duplex, head: Buffer, handshake: RequestHandshake) {
    this.request = request;
    this.socket = socket;
    this.head = head;
    this.handshake = handshake;
  }

  whenLeft(left: () => void): () => void {
    const { socket } = this;
    socket.on('end', left);
    socket.on('close', left);
    return () => {
      socket.off('end', left);
      socket.off('close', left);
    };
  }

  accept(handshake: AcceptWs, answer: Pick<WsAnswer, 'protocol' | 'lines'>): Transport | undefined {
    const { request, socket, head } = this;
    return handshake({ request, socket, head, ...answer });
  }

  refuse(answer: RefusalAnswer, clock: Clock): void {
    refuse(this.socket, answer, clock);
  }

  drop(): void {
    this.socket.destroy();
  }
}
