import { AsyncSubject, type Observable, of } from 'rxjs';
import { closeChosenBy } from '../core/closeChosenBy.ts';
import { CloseError } from '../core/CloseError.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import { ConnectionClosedError } from '../core/ConnectionClosedError.ts';
import type { Data } from '../core/Data.ts';
import { tellingEach } from '../core/sheltered.ts';
import type { Transport, TransportEnd, TransportEvents } from '../core/Transport.ts';
import { Closing } from './Closing.ts';
import type { ConnectionSettings } from './ConnectionConfig.ts';
import type { EndListener } from './EndListener.ts';
import type { EngineHost } from './EngineHost.ts';
import type { Holdable } from './hold.ts';
import { Incoming } from './Incoming.ts';
import { Outgoing } from './Outgoing.ts';
import type { Owner } from './Owner.ts';
import { Watch } from './Watch.ts';

/**
 * The life of one connection, over any transport: open, closing, closed. The order of an end is: `closed`; the owners;
 * what was received; `messages` completes. What an idle connection does not need is made when it is asked for.
 */
export class Engine implements TransportEvents, Holdable {
  readonly transport: Transport;
  readonly settings: ConnectionSettings;
  private readonly host: EngineHost;
  private readonly openedAt: number;
  state: 'open' | 'closing' | 'closed' = 'open';
  /** Someone answers for this connection and will close it. */
  owner: Owner | undefined;
  isDraining: boolean | undefined;
  holdCount = 0;
  lastRoundTripMs: number | undefined = undefined;
  private madeIncoming: Incoming | undefined;
  private madeOutgoing: Outgoing | undefined;
  private madeClosing: Closing | undefined;
  private madeWatch: Watch | undefined;
  private closes: AsyncSubject<CloseInfo> | undefined;
  private listeners: EndListener | EndListener[] | undefined;
  /** How it ended; undefined while it has not. */
  end: CloseInfo | undefined;

  constructor(transport: Transport, settings: ConnectionSettings, host: EngineHost) {
    this.transport = transport;
    this.settings = settings;
    this.host = host;
    // Whole numbers cost no memory of their own.
    this.openedAt = Math.floor(transport.clock.now());
    transport.open(this);
  }

  get incoming(): Incoming {
    return (this.madeIncoming ??= new Incoming(this));
  }

  get outgoing(): Outgoing {
    return (this.madeOutgoing ??= new Outgoing(this.transport, this.settings, this));
  }

  get leaving(): Closing {
    return (this.madeClosing ??= new Closing(this.transport, this.openedAt));
  }

  get watch(): Watch {
    this.madeWatch ??= new Watch();
    if (this.end !== undefined) this.madeWatch.end();
    return this.madeWatch;
  }

  /** What was sent and has not left this process. */
  get bufferedBytes(): number {
    return this.madeOutgoing?.bufferedBytes ?? this.transport.bufferedBytes;
  }

  /** What was received and waits to be read. */
  get waitingBytes(): number {
    return this.madeIncoming?.bytes ?? 0;
  }

  get isHeld(): boolean {
    return this.holdCount > 0;
  }

  holdsChanged(): void {
    this.madeIncoming?.holdsChanged();
  }

  get closed(): Observable<CloseInfo> {
    if (this.end !== undefined) return of(this.end);
    this.closes ??= new AsyncSubject();
    return tellingEach(this.closes, (error) => this.report(error));
  }

  /** Tells of the end, behind those who asked for `closed`; at once where it was. */
  whenEnded(listener: EndListener): void {
    const { listeners = [] } = this;
    if (this.end !== undefined) listener(this.end, this);
    else this.listeners = this.listeners === undefined ? listener : [listeners, listener].flat();
  }

  /** The error of who wanted something of a connection that has ended, or is about to. */
  closedError(): ConnectionClosedError {
    const close = this.end ?? this.leaving.info({ code: 1006, reason: '', wasClean: false, by: 'local' });
    return new ConnectionClosedError(close, this.host.where());
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
    this.host.report(error, isTold);
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
    this.madeWatch?.message(data);
    this.incoming.receive(data, bytes);
  }

  ping(data: Uint8Array): void {
    this.madeWatch?.ping(data);
  }

  pong(data: Uint8Array): void {
    this.madeWatch?.pong(data);
  }

  roundTrip(ms: number): void {
    this.lastRoundTripMs = ms;
    this.madeWatch?.trips.next(ms);
  }

  exceeded(code: number, reason: string): void {
    this.shut(code, reason, new CloseError(code, reason));
  }

  drained(): void {
    this.madeOutgoing?.drained();
  }

  answering(): void {
    this.madeOutgoing?.window.flushTurn();
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
    for (const told of [this.listeners ?? []].flat()) told(close, this);
    this.madeWatch?.end();
    this.incoming.end();
  }
}
