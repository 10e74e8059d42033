import { lastValueFrom, type Observable, type ObservableInput } from 'rxjs';
import type { Capabilities } from '../core/Capabilities.ts';
import { assertClose } from '../core/closeCode.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import type { Sendable } from '../core/Data.ts';
import type { Dropped } from '../core/Dropped.ts';
import { report } from '../core/ErrorReport.ts';
import type { Frame } from '../core/Frame.ts';
import type { Handshake } from '../core/Handshake.ts';
import { Prepared } from '../core/Prepared.ts';
import type { Payload } from '../core/Slot.ts';
import { toData } from '../core/toData.ts';
import type { Hold } from '../core/Valve.ts';
import type { Connection } from './Connection.ts';
import { Engine } from './Engine.ts';
import type { EngineHost } from './EngineHost.ts';
import { hold } from './hold.ts';
import { iterate } from './iterate.ts';
import type { Opened } from './Opened.ts';
import type { Lane } from './Lane.ts';
import { reads } from './reads.ts';
import { uniqueId } from './uniqueId.ts';

/** The connection that users see, over an engine. Members are made when they are asked for: most never are. */
export class EngineConnection<In, Out, Context> implements Connection<In, Out, Context>, EngineHost {
  private readonly started: Engine;
  readonly handshake: Handshake;
  readonly context: Context;
  private sendBound: ((message: Out | Prepared<Out>) => boolean) | undefined;
  private ownId: string | undefined;

  constructor({ transport, settings, handshake, context }: Opened<Context>) {
    this.handshake = handshake;
    this.context = context;
    this.started = new Engine(transport, settings, this);
  }

  get engine(): Engine {
    return this.started;
  }

  /** Without the query, which may hold a token. */
  where(): string {
    const { protocol, host, pathname } = this.handshake.url;
    return `${protocol}//${host}${pathname}`;
  }

  report(error: unknown, isTold?: boolean): void {
    report<Connection<unknown, never>>(this.started.settings.onError, error, this, isTold);
  }

  get messages(): Observable<In> {
    return reads(this.engine, 'messages');
  }

  get text(): Observable<string> {
    return reads(this.engine, 'text');
  }

  get binary(): Observable<Uint8Array> {
    return reads(this.engine, 'binary');
  }

  get frames(): Observable<Frame> {
    return this.engine.watch.frames;
  }

  get send(): (message: Out | Prepared<Out>) => boolean {
    return (this.sendBound ??= (message) => this.sendIn(message));
  }

  get sendFragments(): (parts: ObservableInput<Sendable>) => Observable<never> {
    return (parts) => this.engine.settings.framing.fragments(this.engine, parts);
  }

  get writable(): Observable<boolean> {
    return this.engine.outgoing.writable;
  }

  get bufferedBytes(): number {
    return this.engine.bufferedBytes;
  }

  get dropped(): Observable<Dropped> {
    return this.engine.outgoing.lanes.dropped;
  }

  get reading(): Observable<boolean> {
    return this.engine.incoming.reading;
  }

  get ping(): (data?: Sendable) => Observable<number> {
    return (data) => this.engine.settings.framing.ping(this.engine, data);
  }

  get roundTripMs(): Observable<number> {
    return this.engine.settings.framing.roundTrips(this.engine);
  }

  get close(): (code?: number, reason?: string) => void {
    return (code = 1000, reason = '') => {
      assertClose(code, reason);
      this.engine.shut(code, reason);
    };
  }

  get terminate(): () => void {
    return () => this.engine.terminate();
  }

  get closed(): Observable<CloseInfo> {
    return this.engine.closed;
  }

  get state(): 'open' | 'closing' | 'closed' {
    return this.engine.state;
  }

  get protocol(): string {
    return this.engine.transport.protocol;
  }

  get capabilities(): Capabilities {
    return this.engine.transport.capabilities;
  }

  get id(): string {
    return (this.ownId ??= uniqueId());
  }

  get hold(): () => Hold {
    return () => hold(this.engine);
  }

  [Symbol.asyncIterator](): AsyncIterator<In, undefined> {
    return iterate<In>({
      messages: this.messages,
      hold: this.hold,
      endError: () => this.engine.endError(),
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return lastValueFrom(this.closed).then(() => {});
  }

  /** Sends with the policy of `lane`; without one, with that of the connection. */
  sendIn(message: Out | Prepared<Out>, ownLane?: Lane): boolean {
    const { outgoing, settings } = this.engine;
    // What is not open takes nothing, and asks nobody.
    if (!outgoing.isOpen) return false;
    const lane = ownLane ?? outgoing.lanes.conflating;
    if (lane === undefined && settings.codec === undefined) {
      return outgoing.send(message instanceof Prepared ? message : toData(message));
    }
    let payload: Payload | undefined;
    let key: unknown;
    try {
      if (message instanceof Prepared) payload = message;
      else if (settings.codec !== undefined) payload = toData(settings.codec.encode(message));
      key = lane?.key(message instanceof Prepared ? message.value : message);
    } catch (error) {
      this.engine.fail(error);
      return false;
    }
    return outgoing.send(payload ?? toData(message), lane, key);
  }
}

/** A connection that this library made, as what it is: handlers and drains need more of it than users do. */
export function engineConnectionOf<In, Out, Context>(
  connection: Connection<In, Out, Context>,
): EngineConnection<In, Out, Context> {
  return connection as EngineConnection<In, Out, Context>;
}

export function engineOf(connection: Connection<unknown, never>): Engine {
  return engineConnectionOf(connection).engine;
}

/** Whether this library made it, be it another copy of it. */
export function isEngineConnection(value: object): boolean {
  return 'engine' in value && 'sendIn' in value;
}
