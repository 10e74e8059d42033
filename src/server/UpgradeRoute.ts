import type { Clock } from '../core/Clock.ts';
import { report } from '../core/ErrorReport.ts';
import { scheduledClock } from '../core/scheduledClock.ts';
import { nodeClock } from '../transports/ws/nodeClock.ts';
import { handshakeFault } from './handshakeFault.ts';
import { isOriginAllowed } from './isOriginAllowed.ts';
import { type PathMatcher, pathMatcher } from './pathMatcher.ts';
import { type DecisionTerms, PendingUpgrade } from './PendingUpgrade.ts';
import { type RefusalAnswer, UNAVAILABLE } from './refuse.ts';
import { RequestUpgrade } from './RequestUpgrade.ts';
import type { SocketArrival } from './SocketArrival.ts';
import type { Upgrade } from './Upgrade.ts';
import type { UpgradeConfig } from './UpgradeConfig.ts';

/**
 * One subscription to the upgrades of a server: looks at what arrives on its path, and answers for what it let
 * in.
 */
export class UpgradeRoute {
  readonly matcher: PathMatcher;
  readonly clock: Clock;
  private readonly config: UpgradeConfig;
  private readonly terms: DecisionTerms;
  private readonly emit: (upgrade: Upgrade) => void;
  /** The server has closed. */
  readonly over: () => void;
  private readonly undecided = new Set<PendingUpgrade>();
  private sockets = 0;
  private closed = false;

  constructor(config: UpgradeConfig, emit: (upgrade: Upgrade) => void, over: () => void) {
    this.matcher = pathMatcher(config.path);
    this.config = config;
    this.clock = scheduledClock(nodeClock, config.scheduler);
    const { protocols = [], handshakeTimeoutMs = 10_000 } = config;
    this.terms = { protocols, timeoutMs: handshakeTimeoutMs, clock: this.clock };
    this.emit = emit;
    this.over = over;
  }

  arrive(arrival: SocketArrival, params: Readonly<Record<string, string>>): void {
    const { handshake, request } = arrival;
    const upgrade = new RequestUpgrade(handshake, params, request);
    const fault = handshakeFault(request) ?? this.unavailable() ?? this.foreign(upgrade);
    if (fault !== undefined) {
      arrival.refuse(fault, this.clock);
      return;
    }
    this.count(arrival);
    const pending = new PendingUpgrade(arrival, this.terms, () => this.undecided.delete(pending));
    this.undecided.add(pending);
    this.emit(upgrade);
  }

  /** Refuses from now on, and what is undecided too. */
  close(): void {
    this.closed = true;
    for (const pending of [...this.undecided]) pending.refuse(UNAVAILABLE);
  }

  /** Refuses what nobody has undertaken to decide. */
  leave(): void {
    for (const pending of [...this.undecided]) if (!pending.isTaken) pending.refuse(UNAVAILABLE);
  }

  private unavailable(): RefusalAnswer | undefined {
    return this.closed || this.sockets >= (this.config.maxConnections ?? Infinity) ? UNAVAILABLE : undefined;
  }

  private foreign(upgrade: Upgrade): RefusalAnswer | undefined {
    const { origins, onError } = this.config;
    try {
      return isOriginAllowed(origins, upgrade)
        ? undefined
        : { status: 403, body: 'this origin is not allowed' };
    } catch (error) {
      report(onError, error, upgrade);
      return { status: 500 };
    }
  }

  private count({ socket }: SocketArrival): void {
    if (this.config.maxConnections === undefined) return;
    this.sockets++;
    socket.once('close', () => this.sockets--);
  }
}
