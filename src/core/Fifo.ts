/** An array that is longer is let go when the queue is empty, a shorter one is used again. */
const KEPT_LENGTH = 1024;

/**
 * A queue: first in, first out. Taking from the front moves nothing until half of the array is spent, and an empty queue
 * begins again at the start of its array: to shorten that would cost more than all the rest.
 */
export class Fifo<T> {
  /** Undefined outside of head and tail. */
  private items: (T | undefined)[] = [];
  private head = 0;
  private tail = 0;

  get length(): number {
    return this.tail - this.head;
  }

  push(item: T): void {
    this.items[this.tail++] = item;
  }

  /** The item `index` places behind the front; undefined past the end. */
  at(index: number): T | undefined {
    return this.items[this.head + index];
  }

  shift(): T | undefined {
    if (this.head === this.tail) return undefined;
    const item = this.items[this.head];
    this.items[this.head++] = undefined;
    if (this.head === this.tail) {
      this.head = this.tail = 0;
      if (this.items.length > KEPT_LENGTH) this.items = [];
    } else if (this.head >= KEPT_LENGTH && this.head * 2 >= this.tail) {
      this.items = this.items.slice(this.head, this.tail);
      this.tail -= this.head;
      this.head = 0;
    }
    return item;
  }

  clear(): void {
    this.items = [];
    this.head = this.tail = 0;
  }
}
