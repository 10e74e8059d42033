import { map, type Observable, type SchedulerLike, Subject, timer } from 'rxjs';
import type { Engine } from '../connection/Engine.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import type { Counts } from '../core/Counts.ts';
import type { Refused, RefusalReason } from './Refused.ts';
import { type RoundTripSummary, roundTripSummary } from './roundTripSummary.ts';

/** What a server has done, and does just now. Bytes are those of the sockets, with the headers of frames. */
export interface ServerSnapshot {
  /** How many connections are open, or about to close. */
  readonly open: number;
  /** How many of these are not read just now, since somebody holds. */
  readonly held: number;
  readonly accepted: number;
  /** How many requests became no connection, by reason. */
  readonly refused: Readonly<Record<RefusalReason, number>>;
  /** How many connections have ended, by close code. */
  readonly ended: Readonly<Record<number, number>>;
  readonly receivedMessages: number;
  /** What was taken to be sent; what was dropped later is counted there too. */
  readonly sentMessages: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly droppedMessages: number;
  readonly droppedBytes: number;
  /** What waits now to be sent: in the queues, and in this process in front of the sockets. */
  readonly queuedBytes: number;
  /** What was received and waits now to be read. */
  readonly readAheadBytes: number;
  /** Of the last round trip of each open connection; undefined where none was pinged yet. */
  readonly roundTripMs: RoundTripSummary | undefined;
}

/**
 * Counts what the servers do that it is given to: `listen({ statistics })`. Without one nothing is counted. It costs two additions for a
 * message; the connections themselves are looked at only when a snapshot is asked for. Made by `serverStatistics`.
 */
export class ServerStatistics {
  /** @internal */
  readonly counts: Counts = { receivedMessages: 0, sentMessages: 0, droppedMessages: 0, droppedBytes: 0 };
  private readonly engines = new Set<Engine>();
  private accepted = 0;
  private readonly ended: Record<number, number> = {};
  private readonly refused: Record<RefusalReason, number> = {
    malformed: 0,
    path: 0,
    origin: 0,
    connections: 0,
    address: 0,
    draining: 0,
    timeout: 0,
    decision: 0,
    failed: 0,
    left: 0,
  };
  /** Of the connections that have ended. */
  private receivedBytes = 0;
  private sentBytes = 0;
  private readonly refusalSubject = new Subject<Refused>();
  /** Each request that becomes no connection, with the reason, as it happens. Never completes, and never errors. */
  readonly refusals: Observable<Refused> = this.refusalSubject.asObservable();

  /** How things stand. Looks at each open connection: some microseconds for a hundred. */
  snapshot(): ServerSnapshot {
    let { receivedBytes, sentBytes } = this;
    let held = 0;
    let queuedBytes = 0;
    let readAheadBytes = 0;
    const roundTrips: number[] = [];
    for (const { transport, isHeld, bufferedBytes, waitingBytes, lastRoundTripMs } of this.engines) {
      const { received = 0, sent = 0 } = transport.socketBytes ?? {};
      receivedBytes += received;
      sentBytes += sent;
      if (isHeld) held++;
      queuedBytes += bufferedBytes;
      readAheadBytes += waitingBytes;
      if (lastRoundTripMs !== undefined) roundTrips.push(lastRoundTripMs);
    }
    return {
      open: this.engines.size,
      held,
      accepted: this.accepted,
      refused: { ...this.refused },
      ended: { ...this.ended },
      ...this.counts,
      receivedBytes,
      sentBytes,
      queuedBytes,
      readAheadBytes,
      roundTripMs: roundTripSummary(roundTrips),
    };
  }

  /** A snapshot now, and each `periodMs` (1 s). Cold, and looks only while somebody is subscribed. Never completes. */
  snapshots(periodMs: number = 1_000, scheduler?: SchedulerLike): Observable<ServerSnapshot> {
    return timer(0, periodMs, scheduler).pipe(map(() => this.snapshot()));
  }

  /** @internal */
  add(engine: Engine): void {
    this.accepted++;
    this.engines.add(engine);
    engine.whenEnded(this.left);
  }

  /** One function for all of them. */
  private readonly left = ({ code }: CloseInfo, engine: Engine): void => {
    this.engines.delete(engine);
    this.ended[code] = (this.ended[code] ?? 0) + 1;
    const { received = 0, sent = 0 } = engine.transport.socketBytes ?? {};
    this.receivedBytes += received;
    this.sentBytes += sent;
  };

  /** @internal */
  refuse(refused: Refused): void {
    this.refused[refused.reason]++;
    this.refusalSubject.next(refused);
  }
}

/**
 * Counts for one server or several, to be given to `listen`, `upgrades` and `accept`, and `fromWebSocket`.
 *
 * @example
 * const statistics = serverStatistics();
 * listen({ port: 8080, statistics }).pipe(handle(session)).subscribe();
 * statistics.snapshots(10_000).subscribe(({ open, refused }) => console.log(open, refused));
 */
export function serverStatistics(): ServerStatistics {
  return new ServerStatistics();
}
