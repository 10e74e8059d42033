import { Observable, skip, Subject, type Subscriber } from 'rxjs';
import { warn } from '../core/ErrorReport.ts';
import { shelteredEnd } from '../core/sheltered.ts';

/** A value over time: whoever subscribes gets the present value, then each change, in the order it was made. */
export class Latest<T> {
  private readonly subject = new Subject<T>();
  private readonly changes: T[] = [];
  private telling = false;
  private over = false;
  private current: T;
  readonly values: Observable<T> = new Observable((subscriber) => this.add(subscriber));

  constructor(value: T) {
    this.current = value;
  }

  set(value: T): void {
    if (value === this.current) return;
    this.current = value;
    this.changes.push(value);
    this.tell();
  }

  /** There are no more changes; the last value stays to be asked for. */
  complete(): void {
    this.over = true;
    this.tell();
  }

  private add(subscriber: Subscriber<T>): void {
    const { telling } = this;
    // Of the changes that others still have to be told it knows the outcome.
    const known = this.changes.length;
    this.telling = true;
    subscriber.next(this.current);
    subscriber.add(this.subject.pipe(skip(known)).subscribe(shelteredEnd(subscriber, warn)));
    this.telling = telling;
    this.tell();
  }

  /** A change made by a subscriber waits for its turn: a Subject would tell its later subscribers the newer one first. */
  private tell(): void {
    if (this.telling) return;
    this.telling = true;
    while (this.changes.length > 0) this.subject.next(this.changes.shift()!);
    this.telling = false;
    if (this.over) this.subject.complete();
  }
}
