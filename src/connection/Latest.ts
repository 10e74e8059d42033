import { BehaviorSubject, type Observable } from 'rxjs';

/** A value over time: whoever subscribes gets the present value, then each change, in the order it was made. */
export class Latest<T> {
  private readonly subject: BehaviorSubject<T>;
  private readonly changes: T[] = [];
  private telling = false;
  private current: T;
  readonly values: Observable<T>;

  constructor(value: T) {
    this.current = value;
    this.subject = new BehaviorSubject(value);
    this.values = this.subject.asObservable();
  }

  set(value: T): void {
    if (value === this.current) return;
    this.current = value;
    this.changes.push(value);
    // A change made by a subscriber waits for its turn: a Subject would tell its later subscribers the newer one first.
    if (this.telling) return;
    this.telling = true;
    while (this.changes.length > 0) this.subject.next(this.changes.shift()!);
    this.telling = false;
  }

  complete(): void {
    this.subject.complete();
  }
}
