import type { Dropped } from '../core/Dropped.ts';
import { Fifo } from '../core/Fifo.ts';
import { Fragment } from '../core/Fragment.ts';
import { bytesOf, type Outbound } from '../core/Outbound.ts';
import { Ping } from '../core/Ping.ts';

/**
 * What waits in front of the transport. Bytes are measured when they have to stay: a queue that empties each turn counts
 * the length of its texts only, which is enough to see that a window is full.
 */
export class SendQueue {
  readonly items: Fifo<Outbound> = new Fifo();
  private counted = 0;
  private exact = false;

  get length(): number {
    return this.items.length;
  }

  /** Not more than the bytes, and not less than a third of them. */
  get atLeastBytes(): number {
    return this.counted;
  }

  /** Payload bytes, text in UTF-8. */
  get bytes(): number {
    return this.exact ? this.counted : this.sum();
  }

  push(outbound: Outbound): void {
    this.items.push(outbound);
    this.counted += typeof outbound === 'string' && !this.exact ? outbound.length : bytesOf(outbound);
  }

  /** After items were taken out. From here on each one is measured, until nothing is left. */
  measure(): void {
    this.exact = this.items.length > 0;
    this.counted = this.sum();
  }

  /** Takes all out, and counts the messages in it. */
  drop(): Dropped {
    let count = 0;
    let bytes = 0;
    for (let next = this.items.shift(); next !== undefined; next = this.items.shift()) {
      if (next instanceof Ping) continue;
      // A message in parts is one, and its last part is what makes it whole.
      if (!(next instanceof Fragment) || next.last) count++;
      bytes += bytesOf(next);
    }
    this.measure();
    return { count, bytes };
  }

  private sum(): number {
    let bytes = 0;
    for (let i = 0; i < this.items.length; i++) bytes += bytesOf(this.items.at(i)!);
    return bytes;
  }
}
