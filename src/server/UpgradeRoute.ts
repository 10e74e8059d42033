import type { Clock } from '../core/Clock.ts';
import { report, warn } from '../core/ErrorReport.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import { onRejection } from '../core/onRejection.ts';
import { scheduledClock } from '../core/scheduledClock.ts';
import { nodeClock } from '../transports/ws/nodeClock.ts';
import { handshakeFault } from './handshakeFault.ts';
import { isOriginAllowed } from './isOriginAllowed.ts';
import { type PathMatcher, pathMatcher } from './pathMatcher.ts';
import { type DecisionTerms, PendingUpgrade } from './PendingUpgrade.ts';
import { addressGroup } from './addressGroup.ts';
import { Occupancy } from './Occupancy.ts';
import { type RefusalAnswer, unavailable } from './refuse.ts';
import type { RefusalReason } from './Refused.ts';
import { RequestUpgrade } from './RequestUpgrade.ts';
import type { SocketArrival } from './SocketArrival.ts';
import type { ServerStatistics } from './ServerStatistics.ts';
import { tellRefused } from './tellRefused.ts';
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
  private readonly occupancy: Occupancy;
  private closed = false;
  private isForeignSaid = false;

  constructor(config: UpgradeConfig, emit: (upgrade: Upgrade) => void, over: () => void) {
    this.matcher = pathMatcher(config.path);
    this.config = config;
    this.clock = scheduledClock(nodeClock, config.scheduler);
    const { protocols = [], handshakeTimeoutMs = 10_000 } = config;
    this.occupancy = new Occupancy(config.maxConnections, config.maxConnectionsPerAddress);
    this.terms = {
      protocols,
      timeoutMs: handshakeTimeoutMs,
      clock: this.clock,
      refused: (refused) => tellRefused(refused, [this.statistics]),
    };
    this.emit = emit;
    this.over = over;
  }

  arrive(arrival: SocketArrival, params: Readonly<Record<string, string>>): void {
    const { handshake, request } = arrival;
    const upgrade = new RequestUpgrade(handshake, params, request);
    const refuse = (answer: RefusalAnswer): void => {
      const { status, reason = 'malformed' } = answer;
      arrival.refuse(answer, this.clock);
      tellRefused({ reason, status, handshake }, [this.statistics]);
    };
    const malformed = handshakeFault(request);
    if (malformed !== undefined) return refuse(malformed);
    const address = this.occupancy.needsAddress ? this.addressOf(upgrade) : '';
    if (typeof address !== 'string') return refuse(address);
    const fault = this.full(address) ?? this.foreign(upgrade);
    if (fault !== undefined) return refuse(fault);
    this.count(arrival, address);
    const pending = new PendingUpgrade(arrival, this.terms, () => this.undecided.delete(pending));
    this.undecided.add(pending);
    this.emit(upgrade);
  }

  /** Refuses from now on, and what is undecided too. */
  close(): void {
    this.closed = true;
    for (const pending of [...this.undecided]) pending.refuse(unavailable('draining'));
  }

  /** Refuses what nobody has undertaken to decide. */
  leave(): void {
    for (const pending of [...this.undecided]) if (!pending.isTaken) pending.refuse(unavailable('draining'));
  }

  /** Who counts what is refused. */
  get statistics(): ServerStatistics | undefined {
    return this.config.statistics;
  }

  private full(address: string): RefusalAnswer | undefined {
    const reason: RefusalReason | undefined = this.closed ? 'draining' : this.occupancy.refusal(address);
    return reason && unavailable(reason);
  }

  private addressOf(upgrade: Upgrade): string | RefusalAnswer {
    const { addressOf, onError } = this.config;
    try {
      const address: unknown = addressOf?.(upgrade) ?? upgrade.remoteAddress;
      if (typeof address === 'string') return addressGroup(address);
      onRejection(address, () => {});
      throw new InvalidArgumentError('`addressOf` answers with a string or undefined, at once');
    } catch (error) {
      report(onError, error, upgrade);
      return { status: 500, reason: 'failed' };
    }
  }

  private foreign(upgrade: Upgrade): RefusalAnswer | undefined {
    const { origins, onError } = this.config;
    try {
      if (isOriginAllowed(origins, upgrade)) return undefined;
      if (origins === undefined) this.sayForeign(upgrade);
      return { status: 403, body: 'this origin is not allowed', reason: 'origin' };
    } catch (error) {
      report(onError, error, upgrade);
      return { status: 500, reason: 'failed' };
    }
  }

  /** Once: a page is not told why it was refused, and tries again. */
  private sayForeign({ headers, url }: Upgrade): void {
    if (this.isForeignSaid) return;
    this.isForeignSaid = true;
    const { origin = '' } = headers;
    const what = `a page of ${JSON.stringify(origin.slice(0, 200))} was refused on ${url.host}, whose host name is another one`;
    warn(
      new InvalidArgumentError(
        `${what}; if it may connect, listen with origins: [${JSON.stringify(origin.slice(0, 200))}]`,
      ),
    );
  }

  private count({ socket }: SocketArrival, address: string): void {
    const { occupancy } = this;
    if (!occupancy.isLimited) return;
    occupancy.enter(address);
    socket.once('close', () => occupancy.leave(address));
  }
}
