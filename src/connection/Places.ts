import { Fifo } from '../core/Fifo.ts';
import { Slot } from '../core/Slot.ts';

/** Below this many nothing is swept: it would not be worth it. */
const MIN_SWEPT = 1024;

/**
 * A queue of slots, and of what needs none. Slots that were emptied are passed over at its front, and swept out when they
 * may be half of it: else what is dropped for a peer that reads nothing would leave its places behind without bound.
 */
export class Places<T> {
  private readonly items = new Fifo<T>();
  private sweepAt = MIN_SWEPT;

  /** With the emptied ones. */
  get length(): number {
    return this.items.length;
  }

  get first(): T | undefined {
    let item = this.items.at(0);
    while (isEmptied(item)) {
      this.items.shift();
      item = this.items.at(0);
    }
    return item;
  }

  /** The item `index` places behind the front, emptied or not; undefined past the end. */
  at(index: number): T | undefined {
    return this.items.at(index);
  }

  push(item: T): void {
    if (this.items.length >= this.sweepAt) {
      this.replace((kept) => kept);
      this.sweepAt = Math.max(MIN_SWEPT, this.items.length * 2);
    }
    this.items.push(item);
  }

  shift(): T | undefined {
    const { first } = this;
    this.items.shift();
    return first;
  }

  /** Puts another one in the place of each, and sweeps out the emptied ones. */
  replace(by: (item: T) => T): void {
    for (let left = this.items.length; left > 0; left--) {
      const item = this.items.shift()!;
      if (!isEmptied(item)) this.items.push(by(item));
    }
  }
}

function isEmptied(item: unknown): boolean {
  return item instanceof Slot && item.content === undefined;
}
