import type { Transport } from '../core/Transport.ts';
import { Alarm } from './Alarm.ts';
import type { ConnectionSettings } from './ConnectionConfig.ts';

/** Makes the peer wait while much waits here, and rings where what waits is not read. */
export class Backpressure {
  private readonly transport: Transport;
  private readonly settings: ConnectionSettings;
  private readonly unread: () => void;
  private readonly alarm: Alarm;
  isPaused = false;

  constructor(transport: Transport, settings: ConnectionSettings, unread: () => void) {
    this.transport = transport;
    this.settings = settings;
    this.unread = unread;
    this.alarm = new Alarm(transport.clock, settings.unreadTimeoutMs, unread);
  }

  /** `bytes` wait, where anything does; `isUnread`: for a reader, and for no hold. */
  settle(waits: boolean, bytes: number, isUnread: boolean): void {
    const { transport, isPaused } = this;
    const { readAheadBytes, maxQueuedBytes } = this.settings;
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
}
