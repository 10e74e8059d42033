import { Fifo } from '../core/Fifo.ts';
import { bytesOf, type Outbound } from '../core/Outbound.ts';

/** A message to send, or the beginning of one that is sent in parts. */
type Waiting = { readonly outbound: Outbound } | { readonly begin: () => void };

/** What was sent behind a message in parts: it waits until the last part was taken. */
export class Backlog {
  private readonly waiting = new Fifo<Waiting>();
  bytes = 0;

  get length(): number {
    return this.waiting.length;
  }

  push(outbound: Outbound): void {
    this.waiting.push({ outbound });
    this.bytes += bytesOf(outbound);
  }

  /** Another message in parts, which begins when its turn comes. */
  pushTurn(begin: () => void): void {
    this.waiting.push({ begin });
  }

  /** Hands what waits to `send`, up to the next message in parts, which begins; false where there is none. */
  release(send: (outbound: Outbound) => void): boolean {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      if ('begin' in next) {
        next.begin();
        return true;
      }
      this.bytes -= bytesOf(next.outbound);
      send(next.outbound);
    }
    return false;
  }

  /** Hands all messages to `take`; those in parts never begin. */
  spill(take: (outbound: Outbound) => void): void {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      if ('outbound' in next) take(next.outbound);
    }
    this.bytes = 0;
  }
}
