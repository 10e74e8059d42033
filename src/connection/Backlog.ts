import { Fifo } from '../core/Fifo.ts';
import { bytesOf, type Outbound } from '../core/Outbound.ts';

/** A message to send, or the beginning of one that is sent in parts. */
type Waiting = { readonly outbound: Outbound } | { readonly begin: () => void };

/** What was sent behind a message in parts: it waits until the last part was taken. */
export class Backlog {
  private readonly waiting = new Fifo<Waiting>();
  private releasing = false;
  /** A message in parts has its turn. */
  private taken = true;
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

  /** The turn is over: hands what waits to `send`, up to the next message in parts, which begins; false where none is left. */
  release(send: (outbound: Outbound) => void): boolean {
    this.taken = false;
    // A message that was over as soon as it began: the loop that began it goes on.
    if (this.releasing) return true;
    this.releasing = true;
    while (!this.taken && this.waiting.length > 0) {
      const next = this.waiting.shift()!;
      if ('begin' in next) {
        this.taken = true;
        next.begin();
      } else {
        this.bytes -= bytesOf(next.outbound);
        send(next.outbound);
      }
    }
    this.releasing = false;
    return this.taken;
  }

  /** Hands all messages to `take`; those in parts never begin. */
  spill(take: (outbound: Outbound) => void): void {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      if ('outbound' in next) take(next.outbound);
    }
    this.bytes = 0;
  }
}
