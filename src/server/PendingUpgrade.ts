import type { IncomingMessage } from 'node:http';
import { Alarm } from '../connection/Alarm.ts';
import type { Clock } from '../core/Clock.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import type { Transport } from '../core/Transport.ts';
import type { AcceptWs, WsAnswer } from '../transports/ws/acceptWs.ts';
import type { Arrival } from './Arrival.ts';
import type { Refused } from './Refused.ts';
import { type RefusalAnswer, unavailable } from './refuse.ts';
import type { Upgrade } from './Upgrade.ts';

/** How a route lets its upgrades be decided. */
export interface DecisionTerms {
  /** The subprotocols that the server knows. */
  readonly protocols: readonly string[];
  /** From the arrival on; then 503. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Told of what becomes no connection. */
  refused?(refused: Refused): void;
}

/** By request, so that what users make of an upgrade is still found. */
const pendings = new WeakMap<IncomingMessage, PendingUpgrade>();

/** An upgrade that waits for its decision. It is decided once: accepted, refused, gone, or out of time. */
export class PendingUpgrade {
  readonly arrival: Arrival;
  private readonly terms: DecisionTerms;
  private readonly deadline: Alarm;
  private readonly decided: (pending: PendingUpgrade) => void;
  private undecided = true;
  private cancel: (() => void) | undefined;
  /** It matters no more whether it leaves. */
  private readonly stay: () => void;

  constructor(arrival: Arrival, terms: DecisionTerms, decided: (pending: PendingUpgrade) => void) {
    this.arrival = arrival;
    this.terms = terms;
    this.decided = decided;
    this.deadline = new Alarm(terms.clock, terms.timeoutMs, () => this.refuse(unavailable('timeout')));
    this.deadline.set();
    this.stay = arrival.whenLeft(() => this.leave());
    pendings.set(arrival.request, this);
  }

  /**
   * Undertakes to decide an upgrade; `cancel` is called once where something else ends it first. Undefined: it
   * has ended already. Throws where someone else decides it.
   */
  static take(upgrade: Upgrade, cancel: () => void): PendingUpgrade | undefined {
    const pending = pendings.get(upgrade.raw);
    if (pending === undefined || (pending.isTaken && pending.undecided)) {
      throw new InvalidArgumentError(
        'this upgrade does not come from `upgrades`, or another `accept` decides it',
      );
    }
    if (!pending.undecided) return undefined;
    pending.cancel = cancel;
    return pending;
  }

  get protocols(): readonly string[] {
    return this.terms.protocols;
  }

  /** Whether someone undertook to decide. */
  get isTaken(): boolean {
    return this.cancel !== undefined;
  }

  /** Undefined: decided already, or the request or the socket was not fit for it and has been ended. */
  accept(handshake: AcceptWs, answer: Pick<WsAnswer, 'protocol' | 'lines'>): Transport | undefined {
    return this.settle() ? this.arrival.accept(handshake, answer) : undefined;
  }

  /** Does nothing where it is decided. */
  refuse(answer: RefusalAnswer): void {
    if (!this.settle()) return;
    const { reason = 'decision', status } = answer;
    this.arrival.refuse(answer, this.terms.clock);
    this.tell({ reason, status });
    this.cancel?.();
  }

  /** The client has left, or will not send another byte: there is nobody to talk to. */
  private leave(): void {
    if (!this.settle()) return;
    this.arrival.drop();
    this.tell({ reason: 'left', status: undefined });
    this.cancel?.();
  }

  private tell(refused: Omit<Refused, 'handshake'>): void {
    this.terms.refused?.({ ...refused, handshake: this.arrival.handshake });
  }

  private settle(): boolean {
    if (!this.undecided) return false;
    this.undecided = false;
    this.deadline.clear();
    this.stay();
    this.decided(this);
    return true;
  }
}
