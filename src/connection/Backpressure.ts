import { Alarm } from './Alarm.ts';
import type { Engine } from './Engine.ts';

/** What it looks at, and closes. */
export type BackpressureEngine = Pick<Engine, 'transport' | 'settings' | 'exceeded'>;

/** Makes the peer wait while much waits here, and rings where what waits is not read. */
export class Backpressure {
  private readonly engine: BackpressureEngine;
  private readonly alarm: Alarm;
  isPaused = false;

  constructor(engine: BackpressureEngine) {
    this.engine = engine;
    const { transport, settings } = engine;
    this.alarm = new Alarm(transport.clock, settings.unreadTimeoutMs, () => this.unread());
  }

  /** `bytes` wait, where anything does; `isUnread`: for a reader, and for no hold. */
  settle(waits: boolean, bytes: number, isUnread: boolean): void {
    const { isPaused } = this;
    const { transport, settings } = this.engine;
    const { readAheadBytes, maxQueuedBytes } = settings;
    const pause = waits && bytes >= (isPaused ? readAheadBytes / 4 : readAheadBytes);
    if (pause !== isPaused) {
      this.isPaused = pause;
      if (pause) transport.pause();
      else transport.resume();
    }
    if (waits && isUnread) this.alarm.set();
    else this.alarm.clear();
    if (waits && !transport.capabilities.hold && bytes > maxQueuedBytes) this.unread();
  }

  private unread(): void {
    this.engine.exceeded(1008, 'messages are not read');
  }
}
