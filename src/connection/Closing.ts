import type { CloseInfo } from '../core/CloseInfo.ts';
import type { Transport, TransportEnd } from '../core/Transport.ts';
import { Alarm } from './Alarm.ts';

/** Why this end closes. */
export type CloseIntent = Pick<CloseInfo, 'code' | 'reason' | 'error'>;

/** What this end meant by closing, and for how long it waits. */
export class Closing {
  private readonly transport: Transport;
  private readonly openedAt: number;
  private deadline: Alarm | undefined;
  intent: CloseIntent | undefined;
  /** The end counts as lost, whatever the peer still answers. */
  isLost = false;

  constructor(transport: Transport, openedAt: number) {
    this.transport = transport;
    this.openedAt = openedAt;
  }

  /** Cuts the socket in `delayMs`, unless it has ended by then; the last call counts. */
  cutAfter(delayMs: number): void {
    this.after(delayMs, () => this.transport.terminate());
  }

  /** Calls `then` in `delayMs`, unless a later deadline was set by then, or it has ended. */
  after(delayMs: number, then: () => void): void {
    this.deadline?.clear();
    this.deadline = new Alarm(this.transport.clock, delayMs, then);
    this.deadline.set();
  }

  /** It has ended. What was meant here counts before what the socket made of it, unless the peer closed first. */
  info(end: TransportEnd): CloseInfo {
    const openMs = this.transport.clock.now() - this.openedAt;
    if (this.intent === undefined || end.by === 'peer') return { ...end, openMs };
    return { ...end, ...this.intent, by: 'local', wasClean: end.wasClean && !this.isLost, openMs };
  }

  /** Waits no more. */
  clear(): void {
    this.deadline?.clear();
  }
}
