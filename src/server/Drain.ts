import { type Observable, ReplaySubject } from 'rxjs';
import { Alarm } from '../connection/Alarm.ts';
import type { Connection } from '../connection/Connection.ts';
import type { Engine } from '../connection/Engine.ts';
import { drain } from '../connection/drain.ts';
import { engineOf } from '../connection/EngineConnection.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';

/** After its `closeTimeoutMs` a connection that still goes on gets its close frame, and so long to answer it. */
const GRACE_MS = 500;

/** The open connections of a server, and how they come to an end: one after the other within `spreadMs`. */
export class Drain {
  private readonly spreadMs: number;
  /** With what each waits for: its turn to close, then its deadline. */
  private readonly open = new Map<Engine, Alarm | undefined>();
  private readonly starts = new ReplaySubject<void>(1);
  private readonly ends = new ReplaySubject<void>(1);
  /** Emits once, when nothing new is to be let in. */
  readonly started: Observable<void> = this.starts.asObservable();
  /** Emits once, when after that the last connection has ended. */
  readonly ended: Observable<void> = this.ends.asObservable();
  private isStarted = false;

  constructor(spreadMs: number = 0) {
    this.spreadMs = spreadMs;
  }

  add(connection: Connection<unknown, never>): void {
    const engine = engineOf(connection);
    this.open.set(engine, undefined);
    engine.whenEnded(this.left);
  }

  /** One function for all of them. */
  private readonly left = (_close: CloseInfo, engine: Engine): void => {
    this.open.get(engine)?.clear();
    this.open.delete(engine);
    this.settle();
  };

  /** Reading stops, handlers finish, and each connection is closed with 1001, or cut at its deadline. */
  start(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    this.starts.next();
    const engines = [...this.open.keys()];
    const gapMs = this.spreadMs / engines.length;
    engines.forEach((engine, index) => {
      if (index * gapMs < 1) this.drain(engine);
      else this.wait(engine, index * gapMs, () => this.drain(engine));
    });
    this.settle();
  }

  private drain(engine: Engine): void {
    drain(engine);
    this.wait(engine, engine.settings.closeTimeoutMs + GRACE_MS, () => engine.terminate());
  }

  private wait(engine: Engine, delayMs: number, then: () => void): void {
    // It may have ended by what another one's end has set off.
    if (!this.open.has(engine)) return;
    const alarm = new Alarm(engine.transport.clock, delayMs, then);
    this.open.set(engine, alarm);
    alarm.set();
  }

  private settle(): void {
    if (this.isStarted && this.open.size === 0) this.ends.next();
  }
}
