import type { Clock } from '../core/Clock.ts';

/** A place in a line. What is in none is linked to itself. */
export class Waiter {
  next: Waiter = this;
  previous: Waiter = this;
  /** When it is its turn. */
  dueAt = 0;

  /** Leaves the line that it is in. */
  unlink(): void {
    this.previous.next = this.next;
    this.next.previous = this.previous;
    this.next = this.previous = this;
  }
}

/**
 * An alarm for many that all wait equally long, so that whoever comes last is due last: one timer for them all, and none
 * while nobody waits. To join or to leave costs a few assignments.
 */
export class Line<Item extends Waiter> {
  private readonly clock: Clock;
  private readonly delayMs: number;
  private readonly ring: (item: Item) => void;
  /** Before the first and behind the last. */
  private readonly ends = new Waiter();
  private cancel: (() => void) | undefined;
  /** Where many wait, those who are due soon after each other are served together. */
  gapMs = 0;

  constructor(clock: Clock, delayMs: number, ring: (item: Item) => void) {
    this.clock = clock;
    this.delayMs = delayMs;
    this.ring = ring;
  }

  /** At the end of the line, wherever it was before; `since` is when its wait began. */
  add(item: Item, since: number = this.clock.now()): void {
    const { ends } = this;
    item.unlink();
    // Whole numbers cost no memory of their own.
    item.dueAt = this.delayMs + (Number.isInteger(this.delayMs) ? Math.round(since) : since);
    item.previous = ends.previous;
    item.next = ends;
    item.previous.next = ends.previous = item;
    if (this.cancel === undefined) this.wait();
  }

  /** Somebody left: with the last one the timer goes. */
  settle(): void {
    if (this.ends.next !== this.ends) return;
    this.cancel?.();
    this.cancel = undefined;
  }

  private wait(): void {
    const delayMs = this.ends.next.dueAt - this.clock.now();
    this.cancel = this.clock.schedule(() => this.serve(), Math.max(delayMs, this.gapMs, 0));
  }

  private serve(): void {
    const { ends } = this;
    const now = this.clock.now();
    // A timer may fire a fraction of a millisecond early.
    while (ends.next !== ends && ends.next.dueAt - now < 1) {
      const item = ends.next;
      item.unlink();
      this.ring(item as Item);
    }
    this.cancel = undefined;
    if (ends.next !== ends) this.wait();
  }
}
