import { type Observable, of, Subject } from 'rxjs';
import { CloseError } from '../core/CloseError.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import { ConnectionClosedError } from '../core/ConnectionClosedError.ts';
import type { Data } from '../core/Data.ts';
import type { Frame } from '../core/Frame.ts';
import type { Transport, TransportEnd, TransportEvents } from '../core/Transport.ts';
import { Alarm } from './Alarm.ts';
import type { ConnectionSettings } from './ConnectionConfig.ts';
import { Incoming } from './Incoming.ts';
import { Outgoing } from './Outgoing.ts';
import { Pings } from './Pings.ts';

/** What an engine is started with. */
export interface EngineConfig {
  readonly transport: Transport;
  readonly settings: ConnectionSettings;
  /** Whom it talks to, for messages: a URL. */
  readonly where: string;
  /** A function of the user failed. */
  readonly report: (error: unknown) => void;
}

/** How long a peer that was too slow has to read the close frame. */
const OVERFLOW_GRACE_MS = 1_000;

/** Why this end closes. */
type Intent = Pick<CloseInfo, 'code' | 'reason' | 'error'>;

/**
 * The life of one connection, over any transport: open, closing, closed. The order of an end is: `closed`, whose
 * subscribers are the owners; then what was received; then `messages` completes.
 */
export class Engine implements TransportEvents {
  readonly transport: Transport;
  readonly settings: ConnectionSettings;
  readonly incoming: Incoming;
  readonly outgoing: Outgoing;
  private readonly config: EngineConfig;
  private readonly openedAt: number;
  private phase: 'open' | 'closing' | 'closed' = 'open';
  private intent: Intent | undefined;
  /** The end counts as lost, whatever the peer still answers. */
  private overflowed = false;
  private adopted = false;
  private draining = false;
  private close: CloseInfo | undefined;
  private deadline: Alarm | undefined;
  private closes: Subject<CloseInfo> | undefined;
  private watched: Subject<Frame> | undefined;
  private outstanding: Pings | undefined;

  constructor(config: EngineConfig) {
    const { transport, settings } = config;
    this.config = config;
    this.transport = transport;
    this.settings = settings;
    this.openedAt = transport.clock.now();
    this.incoming = new Incoming(
      transport,
      settings,
      (error) => this.fail(error, 1007, 'the message could not be decoded'),
      () => this.shut(1008, 'messages are not read', new CloseError(1008, 'messages are not read')),
    );
    this.outgoing = new Outgoing(transport, settings, (reason) => this.overflow(reason));
    transport.open(this);
  }

  get state(): 'open' | 'closing' | 'closed' {
    return this.phase;
  }

  get closed(): Observable<CloseInfo> {
    if (this.close !== undefined) return of(this.close);
    this.closes ??= new Subject();
    return this.closes.asObservable();
  }

  get frames(): Observable<Frame> {
    this.watched ??= new Subject();
    if (this.close !== undefined) this.watched.complete();
    return this.watched.asObservable();
  }

  get pings(): Pings {
    this.outstanding ??= new Pings(
      this.transport,
      (ping) => this.outgoing.send(ping),
      () => this.closedError(),
    );
    return this.outstanding;
  }

  /** The error of who wanted something of a connection that has ended, or is about to. */
  closedError(): ConnectionClosedError {
    return new ConnectionClosedError(this.close ?? this.info({ code: 1006, reason: '', wasClean: false, by: 'local' }), this.config.where);
  }

  /** The error that `closeIsError` makes of the end; undefined while open. */
  endError(): ConnectionClosedError | undefined {
    return this.close !== undefined && this.settings.closeIsError(this.close) ? this.closedError() : undefined;
  }

  /** Closes with a code that was looked at before; `error` says what went wrong here, if anything. */
  shut(code: number, reason: string, error?: unknown): void {
    if (this.phase !== 'open') return;
    this.phase = 'closing';
    this.intent = { code, reason, ...(error === undefined ? {} : { error }) };
    this.incoming.discard();
    this.cutAfter(this.settings.closeTimeoutMs);
    this.outgoing.finish(() => this.transport.close(code, reason));
  }

  /** A function of the user threw or rejected: the peer gets a code, and nothing of the error's text. */
  fail(error: unknown, code = 1011, reason = ''): void {
    this.config.report(error);
    const chosen = Object(error) as Partial<CloseError>;
    // By its code: the error may come from another copy of this library.
    if (chosen.code === 'CLOSE' && chosen.closeCode !== undefined) this.shut(chosen.closeCode, chosen.reason ?? '', error);
    else this.shut(code, reason, error);
  }

  /** Someone answers for this connection and will close it. */
  adopt(): void {
    this.adopted = true;
  }

  get isOwned(): boolean {
    return this.adopted;
  }

  /** Closes as an owner does that leaves: 1001 what was accepted, 1000 what was dialled. */
  leave(): void {
    this.shut(this.transport.side === 'server' ? 1001 : 1000, '');
  }

  /**
   * Reads no more, so that `messages` completes with what was received; the owner then finishes and closes with 1001.
   * Without an owner that is now.
   */
  drain(): void {
    if (this.phase !== 'open') return;
    this.draining = true;
    this.incoming.end();
    if (!this.adopted) this.leave();
  }

  get isDraining(): boolean {
    return this.draining;
  }

  terminate(): void {
    if (this.phase === 'closed') return;
    this.phase = 'closing';
    this.incoming.discard();
    this.outgoing.end();
    this.intent ??= { code: 1006, reason: '' };
    this.transport.terminate();
  }

  message(data: Data, bytes: number): void {
    this.watched?.next({ kind: typeof data === 'string' ? 'text' : 'binary', data });
    this.incoming.receive(data, bytes);
  }

  ping(data: Uint8Array): void {
    this.watched?.next({ kind: 'ping', data });
  }

  pong(data: Uint8Array): void {
    this.watched?.next({ kind: 'pong', data });
    this.outstanding?.pong(data);
  }

  drained(): void {
    this.outgoing.drained();
  }

  answering(): void {
    this.outgoing.flushNow();
  }

  closing(): void {
    if (this.phase === 'open') this.phase = 'closing';
    this.outgoing.cut();
    this.cutAfter(this.settings.closeTimeoutMs);
  }

  ended(end: TransportEnd): void {
    if (this.close !== undefined) return;
    this.deadline?.clear();
    this.phase = 'closed';
    this.outgoing.end();
    const close = this.info(end);
    this.close = close;
    this.closes?.next(close);
    this.closes?.complete();
    this.outstanding?.end();
    this.incoming.end();
    this.watched?.complete();
  }

  /** What was meant here counts before what the socket made of it, unless the peer closed first. */
  private info(end: TransportEnd): CloseInfo {
    const openMs = this.transport.clock.now() - this.openedAt;
    if (this.intent === undefined || end.by === 'peer') return { ...end, openMs };
    return { ...end, ...this.intent, by: 'local', wasClean: end.wasClean && !this.overflowed, openMs };
  }

  private overflow(reason: string): void {
    if (this.phase === 'closed') return;
    this.overflowed = true;
    this.outgoing.end();
    this.shut(1013, 'too slow', new CloseError(1013, reason));
    // The close frame stands behind what the socket holds, and the peer does not read.
    const { code, reason: told } = this.intent!;
    this.transport.close(code, told);
    this.cutAfter(OVERFLOW_GRACE_MS);
  }

  private cutAfter(delayMs: number): void {
    this.deadline?.clear();
    this.deadline = new Alarm(this.transport.clock, delayMs, () => this.transport.terminate());
    this.deadline.set();
  }
}
