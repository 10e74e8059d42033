import { type Observable, Subject } from 'rxjs';
import type { Data } from '../core/Data.ts';
import { warn } from '../core/ErrorReport.ts';
import type { Frame } from '../core/Frame.ts';
import { tellingEach } from '../core/sheltered.ts';
import type { Pings } from './Pings.ts';

/** Who looks at frames as they arrive: watchers, and the pings that wait for pongs. Nothing waits for them. */
export class Watch {
  private subject: Subject<Frame> | undefined;
  pings: Pings | undefined;
  /** Round trips, as they are measured. */
  readonly trips: Subject<number> = new Subject();
  private ended = false;

  get frames(): Observable<Frame> {
    this.subject ??= new Subject();
    if (this.ended) this.subject.complete();
    return tellingEach(this.subject, warn);
  }

  message(data: Data): void {
    this.subject?.next({ kind: typeof data === 'string' ? 'text' : 'binary', data });
  }

  ping(data: Uint8Array): void {
    this.subject?.next({ kind: 'ping', data });
  }

  pong(data: Uint8Array): void {
    this.subject?.next({ kind: 'pong', data });
    this.pings?.pong(data);
  }

  end(): void {
    this.ended = true;
    this.pings?.end();
    this.subject?.complete();
  }
}
