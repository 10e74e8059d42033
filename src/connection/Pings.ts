import { Observable, type Subscriber } from 'rxjs';
import type { Sendable } from '../core/Data.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import { Ping } from '../core/Ping.ts';
import { toData } from '../core/toData.ts';
import type { Transport } from '../core/Transport.ts';

/** The payload of a control frame (RFC 6455, 5.5). */
const MAX_PAYLOAD_BYTES = 125;

interface Waiting {
  readonly data: Uint8Array;
  readonly sentAt: number;
  readonly subscriber: Subscriber<number>;
}

/** What pings need of a connection. */
export interface PingTarget {
  readonly transport: Transport;
  readonly outgoing: { sendPing(ping: Ping): boolean };
  closedError(): Error;
  roundTrip(ms: number): void;
}

/** The pings that wait for their pongs, oldest first. */
export class Pings {
  private readonly target: PingTarget;
  private waiting: readonly Waiting[] = [];
  private count = 0;

  constructor(target: PingTarget) {
    this.target = target;
  }

  ping(payload?: Sendable): Observable<number> {
    return new Observable<number>((subscriber) => {
      const data = this.payload(payload);
      const { clock } = this.target.transport;
      const entry: Waiting = { data, sentAt: clock.now(), subscriber };
      // Before it is sent: a pong may come inside the call.
      this.waiting = [...this.waiting, entry];
      if (!this.target.outgoing.sendPing(new Ping(data))) subscriber.error(this.target.closedError());
      return () => {
        this.waiting = this.waiting.filter((other) => other !== entry);
      };
    });
  }

  /** A pong answers its ping and all before it: a peer may answer only the newest (RFC 6455, 5.5.3). */
  pong(data: Uint8Array): void {
    const { waiting } = this;
    const answered = waiting.findIndex((entry) => isSame(entry.data, data));
    if (answered === -1) return;
    const now = this.target.transport.clock.now();
    this.waiting = waiting.slice(answered + 1);
    // The others may have been answered before, and nobody heard it.
    this.target.roundTrip(now - waiting[answered]!.sentAt);
    for (const { sentAt, subscriber } of waiting.slice(0, answered + 1)) {
      subscriber.next(now - sentAt);
      subscriber.complete();
    }
  }

  end(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const { subscriber } of waiting) subscriber.error(this.target.closedError());
  }

  private payload(payload: Sendable | undefined): Uint8Array {
    const data = payload === undefined ? `ping ${++this.count}` : toData(payload);
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    if (bytes.byteLength > MAX_PAYLOAD_BYTES) {
      throw new InvalidArgumentError(
        `a ping carries at most ${MAX_PAYLOAD_BYTES} bytes, not ${bytes.byteLength}`,
      );
    }
    return bytes;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index]);
}
