import { connectionSettings } from '../../connection/ConnectionConfig.ts';
import { Engine } from '../../connection/Engine.ts';
import { NotSentError } from '../../core/NotSentError.ts';
import type { Payload } from '../../core/Slot.ts';
import type { SocketCloseEvent } from '../../transports/SocketEvents.ts';
import type { LateTransport } from '../../transports/LateTransport.ts';
import type { SocketOpener } from '../../transports/SocketOpener.ts';
import type { Observers } from './Observers.ts';
import type { WebSocketSubjectConfig } from './WebSocketSubjectConfig.ts';

/** As much as an upload has, which `rxjs/webSocket` left to the socket in one go. */
const MAX_QUEUED_BYTES = 16_777_216;

type SenderConfig<T> = Pick<
  WebSocketSubjectConfig<T>,
  'url' | 'serializer' | 'maxQueuedBytes' | 'maxQueuedMessages' | 'overflow'
>;

/** A value on its way. */
export interface Serialized {
  readonly payload: Payload;
  readonly key: unknown;
}

/** What one connection of a subject sends: the serializer, and the engine that queues, bounds, flushes and closes. */
export class Sender<T> {
  private readonly config: SenderConfig<T>;
  private readonly opener: SocketOpener;
  private readonly transport: LateTransport;
  private readonly observers: Observers;
  private readonly engine: Engine;
  private isRefusalTold = false;

  constructor(config: SenderConfig<T>, opener: SocketOpener, transport: LateTransport, observers: Observers) {
    this.config = config;
    this.opener = opener;
    this.transport = transport;
    this.observers = observers;
    const { maxQueuedBytes = MAX_QUEUED_BYTES, maxQueuedMessages = Infinity, overflow = 'close' } = config;
    const keepsAll = overflow === 'close' || overflow === 'error';
    const settings = connectionSettings({
      maxQueuedBytes,
      maxQueuedMessages,
      overflow,
      // A server that is slow, or not there yet, is waited for.
      stalledTimeoutMs: Infinity,
      closeTimeoutMs: opener.closeTimeoutMs,
      highWaterBytes: opener.highWaterBytes(maxQueuedBytes, keepsAll),
    });
    this.engine = new Engine(transport, settings, {
      where: () => withoutSecrets(config.url),
      report: (error) => observers.report(error),
    });
    this.engine.outgoing.lanes.dropped.subscribe((drop) => observers.dropped(drop));
  }

  /** False: closed, be it because too much waits. */
  get isOpen(): boolean {
    return this.engine.outgoing.isOpen;
  }

  /** Throws what the serializer, or `conflateBy`, throws, and for what cannot be sent. */
  serialize(value: T): Serialized {
    const { serializer = JSON.stringify } = this.config;
    const payload = this.opener.payloadOf(serializer(value));
    return { payload, key: this.engine.outgoing.lanes.conflating?.key(value) };
  }

  /** Throws an `OverflowError` where that is the policy. */
  send({ payload, key }: Serialized): void {
    const { outgoing } = this.engine;
    outgoing.send(payload, outgoing.lanes.conflating, key);
    if (this.opener.sendsAtOnce) outgoing.window.flushTurn();
  }

  /** A value came too late. Whoever does not watch what is dropped is told once, if the connection has `ended`. */
  refuse(ended: boolean): void {
    if (this.observers.dropped({ count: 1, bytes: 0 }) || !ended || this.isRefusalTold) return;
    this.isRefusalTold = true;
    const { message } = this.engine.closedError();
    const advice = "`offline: 'buffer'` keeps it for the next connection, and `dropped` is told of each";
    this.observers.report(
      new NotSentError(`what was given to next() was dropped, since ${message}; ${advice}`, {
        cause: this.engine.closedError(),
      }),
    );
  }

  /** Closes behind what was sent. */
  close(code: number, reason: string): void {
    const flushes = this.isOpen;
    this.engine.shut(code, reason);
    // Where nothing is to be flushed nobody closes behind it.
    if (!flushes) this.transport.close(code, reason);
  }

  /** Drops what waits. */
  drop(): void {
    this.engine.outgoing.end();
  }

  /** The connection has ended. */
  ended({ code = 1006, reason = '', wasClean = false }: Partial<SocketCloseEvent>): void {
    this.engine.ended({ code, reason, wasClean, by: wasClean ? 'peer' : 'network' });
  }
}

/** Without password and query. Not by `URL`: in a page it may be relative, and anywhere it may be none. */
function withoutSecrets(url: string): string {
  return String(url)
    .replace(/\/\/[^/?#]*@/, '//')
    .replace(/[?#].*/s, '');
}
