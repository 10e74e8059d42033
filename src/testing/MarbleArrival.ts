import type { IncomingMessage } from 'node:http';
import type { Engine } from '../connection/Engine.ts';
import type { Handshake } from '../core/Handshake.ts';
import type { Transport, TransportEvents } from '../core/Transport.ts';
import type { Arrival } from '../server/Arrival.ts';
import type { RefusalAnswer } from '../server/refuse.ts';
import type { AcceptWs, WsAnswer } from '../transports/ws/acceptWs.ts';
import type { MemoryPeer } from './MemoryPeer.ts';
import { MemoryTransport } from './MemoryTransport.ts';
import type { MarbleScheduler } from './MarbleScheduler.ts';
import { Recording } from './Recording.ts';

/** A client in memory that waits for the answer to its request. What it sends before is kept. */
export class MarbleArrival implements Arrival {
  readonly request: IncomingMessage;
  readonly handshake: Handshake;
  readonly transport: AnsweredTransport;
  readonly recording: Recording;
  private left: (() => void) | undefined;
  private accepted = false;

  constructor(scheduler: MarbleScheduler, request: IncomingMessage, handshake: Handshake) {
    this.request = request;
    this.handshake = handshake;
    this.transport = new AnsweredTransport(scheduler, (engine) => this.recording.attach(engine));
    this.recording = new Recording(this.transport.peer, () => scheduler.now());
    // Nobody reads the socket before the answer.
    this.transport.pause();
  }

  /** The other end. To close, or to be lost, before the answer is to leave. */
  get peer(): MemoryPeer {
    const { peer } = this.transport;
    const leave = (otherwise: () => void): void => {
      if (this.accepted) otherwise();
      else this.left?.();
    };
    return {
      ...peer,
      close: (code, reason) => leave(() => peer.close(code, reason)),
      cut: (error) => leave(() => peer.cut(error)),
    };
  }

  whenLeft(left: () => void): () => void {
    this.left = left;
    return () => {
      this.left = undefined;
    };
  }

  accept({ keepAlive }: AcceptWs, { protocol, lines }: Pick<WsAnswer, 'protocol' | 'lines'>): Transport {
    this.accepted = true;
    this.transport.protocol = protocol;
    this.recording.answer({ status: 101, protocol, headers: fields(lines) });
    this.transport.resume();
    this.transport.startKeepAlive(keepAlive);
    return this.transport;
  }

  refuse({ status, lines = [], body }: RefusalAnswer): void {
    this.recording.answer({ status, headers: fields(lines), ...(body === undefined ? {} : { body }) });
  }

  drop(): void {}
}

/** Tells of the engine that comes to stand on it. */
class AnsweredTransport extends MemoryTransport {
  private readonly opened: (engine: Engine) => void;

  constructor(scheduler: MarbleScheduler, opened: (engine: Engine) => void) {
    super(scheduler, { protocol: '' });
    this.opened = opened;
  }

  override open(events: TransportEvents): void {
    super.open(events);
    this.opened(events as Engine);
  }
}

function fields(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.toLowerCase(), value.join(':').trim()];
    }),
  );
}
