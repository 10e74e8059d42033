import { type Observable, ReplaySubject } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import { engineOf } from '../connection/EngineConnection.ts';

/** The open connections of a server, and how they come to an end. */
export class Drain {
  private readonly open = new Set<Connection<unknown, never>>();
  private readonly starts = new ReplaySubject<void>(1);
  private readonly ends = new ReplaySubject<void>(1);
  /** Emits once, when nothing new is to be let in. */
  readonly started: Observable<void> = this.starts.asObservable();
  /** Emits once, when after that the last connection has ended. */
  readonly ended: Observable<void> = this.ends.asObservable();
  private isStarted = false;

  add(connection: Connection<unknown, never>): void {
    this.open.add(connection);
    engineOf(connection).whenEnded(() => {
      this.open.delete(connection);
      this.settle();
    });
  }

  /** Reading stops, handlers finish, and each connection is closed with 1001. */
  start(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    this.starts.next();
    for (const connection of [...this.open]) engineOf(connection).drain();
    this.settle();
  }

  private settle(): void {
    if (this.isStarted && this.open.size === 0) this.ends.next();
  }
}
