import { AsyncSubject, type Observable, of, type Subject } from 'rxjs';
import { closeChosenBy } from '../core/closeChosenBy.ts';
import { CloseError } from '../core/CloseError.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import { ConnectionClosedError } from '../core/ConnectionClosedError.ts';
import type { Data } from '../core/Data.ts';
import { tellingEach } from '../core/sheltered.ts';
import type { Transport, TransportEnd, TransportEvents } from '../core/Transport.ts';
import { Closing } from './Closing.ts';
import type { ConnectionSettings } from './ConnectionConfig.ts';
import type { EngineConfig } from './EngineConfig.ts';
import { Incoming } from './Incoming.ts';
import { Outgoing } from './Outgoing.ts';
import { Pings } from './Pings.ts';
import { Watch } from './Watch.ts';

/** How long a peer that was too slow has to read the close frame. */
const OVERFLOW_GRACE_MS = 1_000;

/**
 * The life of one connection, over any transport: open, closing, closed. The order of an end is: `closed`; the owners;
 * what was received; `messages` completes.
 */
export class Engine implements TransportEvents {
  readonly transport: Transport;
  readonly settings: ConnectionSettings;
  readonly incoming: Incoming;
  readonly outgoing: Outgoing;
  state: 'open' | 'closing' | 'closed' = 'open';
  /** Someone answers for this connection and will close it. */
  isOwned = false;
  isDraining = false;
  private readonly config: EngineConfig;
  private readonly leaving: Closing;
  private end: CloseInfo | undefined;
  private closes: AsyncSubject<CloseInfo> | undefined;
  private owners: ((close: CloseInfo) => void)[] | undefined;
  private watched: Watch | undefined;
  /** Who looks at round trips, and the last one. */
  trips: Subject<number> | undefined;
  lastRoundTripMs: number | undefined;

  constructor(config: EngineConfig) {
    const { transport, settings } = config;
    this.config = config;
    this.transport = transport;
    this.settings = settings;
    this.leaving = new Closing(transport);
    this.incoming = new Incoming(transport, settings, this);
    this.outgoing = new Outgoing(transport, settings, this);
    transport.open(this);
  }

  get closed(): Observable<CloseInfo> {
    if (this.end !== undefined) return of(this.end);
    this.closes ??= new AsyncSubject();
    return tellingEach(this.closes, (error) => this.report(error));
  }

  /** Tells an owner of the end, behind those who asked for `closed`; at once where it was. */
  whenEnded(callback: (close: CloseInfo) => void): void {
    if (this.end !== undefined) callback(this.end);
    else if (this.owners === undefined) this.owners = [callback];
    else this.owners.push(callback);
  }

  get watch(): Watch {
    this.watched ??= new Watch(() => new Pings(this));
    if (this.end !== undefined) this.watched.end();
    return this.watched;
  }

  /** The error of who wanted something of a connection that has ended, or is about to. */
  closedError(): ConnectionClosedError {
    const close = this.end ?? this.leaving.info({ code: 1006, reason: '', wasClean: false, by: 'local' });
    return new ConnectionClosedError(close, this.config.where());
  }

  /** The error that `closeIsError` makes of the end; undefined while open. */
  endError(): ConnectionClosedError | undefined {
    return this.end && this.settings.closeIsError(this.end) ? this.closedError() : undefined;
  }

  /** Closes with a code that was looked at before; `error` says what went wrong here, if anything. */
  shut(code: number, reason: string, error?: unknown): void {
    if (this.state !== 'open') return;
    this.state = 'closing';
    this.leaving.intent = { code, reason, ...(error === undefined ? {} : { error }) };
    this.incoming.discard();
    this.leaving.cutAfter(this.settings.closeTimeoutMs);
    this.outgoing.finish(() => this.transport.close(code, reason));
  }

  /** A function of the user threw or rejected, which ends nothing. */
  report(error: unknown, isTold?: boolean): void {
    this.config.report(error, isTold);
  }

  /** A function of the user threw or rejected: the peer gets a code, and nothing of the error's text. */
  fail(error: unknown, code = 1011, reason = ''): void {
    // What a message in parts failed with comes again, as the error of the output that sent it.
    if (error === undefined || this.leaving.intent?.error !== error) this.report(error);
    const chosen = closeChosenBy(error);
    this.shut(chosen?.code ?? code, chosen?.reason ?? reason, error);
  }

  /** Closes as an owner does that leaves: 1001 what was accepted, 1000 what was dialled. */
  leave(): void {
    this.shut(this.transport.side === 'server' ? 1001 : 1000, '');
  }

  /** Calls `then` in `delayMs`, unless another deadline is set by then, or it has ended. */
  after(delayMs: number, then: () => void): void {
    this.leaving.after(delayMs, then);
  }

  /** Cuts the socket; `error` says what went wrong, if anything. */
  terminate(error?: unknown): void {
    if (this.state === 'closed') return;
    this.state = 'closing';
    this.incoming.discard();
    this.outgoing.end();
    this.leaving.intent ??= { code: 1006, reason: '', ...(error === undefined ? {} : { error }) };
    this.transport.terminate();
  }

  message(data: Data, bytes: number): void {
    if (this.settings.counts !== undefined) this.settings.counts.receivedMessages++;
    this.watched?.message(data);
    this.incoming.receive(data, bytes);
  }

  ping(data: Uint8Array): void {
    this.watched?.ping(data);
  }

  pong(data: Uint8Array): void {
    this.watched?.pong(data);
  }

  roundTrip(ms: number): void {
    this.lastRoundTripMs = ms;
    this.trips?.next(ms);
  }

  exceeded(code: number, reason: string): void {
    this.shut(code, reason, new CloseError(code, reason));
  }

  drained(): void {
    this.outgoing.drained();
  }

  answering(): void {
    this.outgoing.window.flushTurn();
  }

  closing(): void {
    if (this.state === 'open') this.state = 'closing';
    this.outgoing.cut();
    this.leaving.cutAfter(this.settings.closeTimeoutMs);
  }

  ended(end: TransportEnd): void {
    if (this.end !== undefined) return;
    this.leaving.clear();
    this.state = 'closed';
    const close = this.leaving.info(end);
    this.end = close;
    this.outgoing.end();
    this.closes?.next(close);
    this.closes?.complete();
    for (const told of this.owners ?? []) told(close);
    this.watched?.end();
    this.incoming.end();
  }

  /** Messages wait, and nobody reads them. */
  unread(): void {
    this.exceeded(1008, 'messages are not read');
  }

  /** The peer does not read what is sent to it. */
  overflow(reason: string): void {
    if (this.state === 'closed') return;
    this.leaving.isLost = true;
    this.outgoing.end();
    this.shut(1013, 'too slow', new CloseError(1013, reason));
    // The close frame stands behind what the socket holds, and the peer does not read.
    const { code, reason: told } = this.leaving.intent!;
    this.leaving.cutAfter(OVERFLOW_GRACE_MS);
    this.transport.close(code, told);
  }
}
