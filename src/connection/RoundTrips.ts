import { Observable, Subject } from 'rxjs';
import { warn } from '../core/ErrorReport.ts';
import { shelteredEnd } from '../core/sheltered.ts';

/** How long the answers to pings took. */
export class RoundTrips {
  private readonly subject = new Subject<number>();
  /** The last one. */
  lastMs: number | undefined;
  readonly values: Observable<number> = new Observable((subscriber) => {
    if (this.lastMs !== undefined) subscriber.next(this.lastMs);
    return this.subject.subscribe(shelteredEnd(subscriber, warn));
  });

  add(ms: number): void {
    this.lastMs = ms;
    this.subject.next(ms);
  }

  end(): void {
    this.subject.complete();
  }
}
