import { AsyncSubject, type Observable, of } from 'rxjs';
import { isSendableCloseCode } from '../core/closeCode.ts';
import { CloseError } from '../core/CloseError.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import { ConnectionClosedError } from '../core/ConnectionClosedError.ts';
import type { Data } from '../core/Data.ts';
import type { Ping } from '../core/Ping.ts';
import type { Transport, TransportEnd, TransportEvents } from '../core/Transport.ts';
import { Alarm } from './Alarm.ts';
import type { ConnectionSettings } from './ConnectionConfig.ts';
import { Incoming } from './Incoming.ts';
import { Outgoing } from './Outgoing.ts';
import { Pings } from './Pings.ts';
import { Watch } from './Watch.ts';

/** What an engine is started with. */
export interface EngineConfig {
  readonly transport: Transport;
  readonly settings: ConnectionSettings;
  /** Whom it talks to, for messages: a URL. */
  readonly where: () => string;
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
  readonly watch: Watch;
  state: 'open' | 'closing' | 'closed' = 'open';
  /** Someone answers for this connection and will close it. */
  isOwned = false;
  isDraining = false;
  private readonly config: EngineConfig;
  private readonly openedAt: number;
  private intent: Intent | undefined;
  /** The end counts as lost, whatever the peer still answers. */
  private overflowed = false;
  private close: CloseInfo | undefined;
  private deadline: Alarm | undefined;
  private closes: AsyncSubject<CloseInfo> | undefined;

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
    const sendPing = (ping: Ping): boolean => this.outgoing.sendPing(ping);
    const closedError = (): Error => this.closedError();
    this.watch = new Watch(() => new Pings(transport, sendPing, closedError));
    transport.open(this);
  }

  get closed(): Observable<CloseInfo> {
    if (this.close !== undefined) return of(this.close);
    this.closes ??= new AsyncSubject();
    return this.closes.asObservable();
  }

  /** The error of who wanted something of a connection that has ended, or is about to. */
  closedError(): ConnectionClosedError {
    const close = this.close ?? this.info({ code: 1006, reason: '', wasClean: false, by: 'local' });
    return new ConnectionClosedError(close, this.config.where());
  }

  /** The error that `closeIsError` makes of the end; undefined while open. */
  endError(): ConnectionClosedError | undefined {
    return this.close && this.settings.closeIsError(this.close) ? this.closedError() : undefined;
  }

  /** Closes with a code that was looked at before; `error` says what went wrong here, if anything. */
  shut(code: number, reason: string, error?: unknown): void {
    if (this.state !== 'open') return;
    this.state = 'closing';
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
    if (chosen.code === 'CLOSE' && isSendableCloseCode(chosen.closeCode ?? 0)) {
      this.shut(chosen.closeCode!, chosen.reason ?? '', error);
    } else this.shut(code, reason, error);
  }

  /** Closes as an owner does that leaves: 1001 what was accepted, 1000 what was dialled. */
  leave(): void {
    this.shut(this.transport.side === 'server' ? 1001 : 1000, '');
  }

  /**
   * Reads no more, so that `messages` completes with what was received; the owner then finishes and closes with 1001.
   * Without an owner that is when `messages` has completed.
   */
  drain(): void {
    if (this.state !== 'open') return;
    this.isDraining = true;
    this.incoming.end();
    if (!this.isOwned) this.incoming.whenDone(() => this.leave());
  }

  terminate(): void {
    if (this.state === 'closed') return;
    this.state = 'closing';
    this.incoming.discard();
    this.outgoing.end();
    this.intent ??= { code: 1006, reason: '' };
    this.transport.terminate();
  }

  message(data: Data, bytes: number): void {
    this.watch.message(data);
    this.incoming.receive(data, bytes);
  }

  ping(data: Uint8Array): void {
    this.watch.ping(data);
  }

  pong(data: Uint8Array): void {
    this.watch.pong(data);
  }

  drained(): void {
    this.outgoing.drained();
  }

  answering(): void {
    this.outgoing.flushTurn();
  }

  closing(): void {
    if (this.state === 'open') this.state = 'closing';
    this.outgoing.cut();
    this.cutAfter(this.settings.closeTimeoutMs);
  }

  ended(end: TransportEnd): void {
    if (this.close !== undefined) return;
    this.deadline?.clear();
    this.state = 'closed';
    this.outgoing.end();
    const close = this.info(end);
    this.close = close;
    this.closes?.next(close);
    this.closes?.complete();
    this.watch.end();
    this.incoming.end();
  }

  /** What was meant here counts before what the socket made of it, unless the peer closed first. */
  private info(end: TransportEnd): CloseInfo {
    const openMs = this.transport.clock.now() - this.openedAt;
    if (this.intent === undefined || end.by === 'peer') return { ...end, openMs };
    return { ...end, ...this.intent, by: 'local', wasClean: end.wasClean && !this.overflowed, openMs };
  }

  private overflow(reason: string): void {
    if (this.state === 'closed') return;
    this.overflowed = true;
    this.outgoing.end();
    this.shut(1013, 'too slow', new CloseError(1013, reason));
    // The close frame stands behind what the socket holds, and the peer does not read.
    const { code, reason: told } = this.intent!;
    this.cutAfter(OVERFLOW_GRACE_MS);
    this.transport.close(code, told);
  }

  private cutAfter(delayMs: number): void {
    this.deadline?.clear();
    this.deadline = new Alarm(this.transport.clock, delayMs, () => this.transport.terminate());
    this.deadline.set();
  }
}
