import { isAfter } from './ids.ts';

/** What was read from a history: the bus brings the end of it too, a little later. */
export class Seen {
  private last: string | undefined;

  upTo(last: string): void {
    this.last = last;
  }

  /** Asked of each message that comes, in order. */
  has(id: string | undefined): boolean {
    if (this.last === undefined || id === undefined) return false;
    if (!isAfter(id, this.last)) return true;
    // All that follow are greater.
    this.last = undefined;
    return false;
  }

  /** Ids may be counted anew. */
  forget(): void {
    this.last = undefined;
  }
}
