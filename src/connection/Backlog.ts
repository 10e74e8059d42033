import { Ping } from '../core/Ping.ts';
import { Slot } from '../core/Slot.ts';
import { Places } from './Places.ts';

/** A message to send, or the beginning of one that is sent in parts. */
type Waiting = Slot | Ping | { readonly begin: () => void };

/** What was sent behind a message in parts: it waits until the last part was taken. */
export class Backlog {
  private readonly waiting = new Places<Waiting>();
  private releasing = false;
  /** A message in parts has its turn. */
  private taken = true;

  get bytes(): number {
    let bytes = 0;
    for (let i = 0; i < this.waiting.length; i++) {
      const item = this.waiting.at(i)!;
      if (item instanceof Slot && item.content !== undefined) bytes += item.bytes;
    }
    return bytes;
  }

  push(item: Slot | Ping): void {
    this.waiting.push(item);
  }

  /** Another message in parts, which begins when its turn comes. */
  pushTurn(begin: () => void): void {
    this.waiting.push({ begin });
  }

  /** The turn is over: hands what waits to `send`, up to the next message in parts, which begins; false where none is left. */
  release(send: (item: Slot | Ping) => void): boolean {
    this.taken = false;
    // A message that was over as soon as it began: the loop that began it goes on.
    if (this.releasing) return true;
    this.releasing = true;
    while (!this.taken && this.waiting.first !== undefined) {
      const next = this.waiting.shift()!;
      if ('begin' in next) {
        this.taken = true;
        next.begin();
      } else send(next);
    }
    this.releasing = false;
    return this.taken;
  }

  /** Hands all messages to `take`; those in parts never begin. */
  spill(take: (item: Slot | Ping) => void): void {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      if (!('begin' in next)) take(next);
    }
  }
}
