import { Fifo } from './Fifo.ts';

/** Gives one after the other: what is added while one is given, by whoever gets it, follows behind. */
export class InTurn<T> {
  private readonly give: (item: T) => void;
  private readonly waiting = new Fifo<T>();
  private isGiving = false;

  constructor(give: (item: T) => void) {
    this.give = give;
  }

  add(item: T): void {
    this.waiting.push(item);
    this.run();
  }

  /** Calls `first` at once; what it adds follows when it is done. */
  run(first?: () => void): void {
    if (this.isGiving) {
      first?.();
      return;
    }
    this.isGiving = true;
    try {
      first?.();
      for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) this.give(next);
    } finally {
      // What is left where one throws follows with the next.
      this.isGiving = false;
    }
  }
}
