/// <reference lib="esnext.disposable" preserve="true" />
import {
  firstValueFrom,
  map,
  type Observable,
  of,
  ReplaySubject,
  switchMap,
  type Unsubscribable,
} from 'rxjs';
import { allFrames } from '../connection/allFrames.ts';
import type { connect } from '../client/connect.ts';
import type { ConnectConfig, Dialable } from '../client/ConnectConfig.ts';
import type { dial } from '../client/dial.ts';
import { lifetime } from '../client/lifetime.ts';
import { opening } from '../client/opening.ts';
import { targets } from '../client/targets.ts';
import { messageOf } from '../core/ErrorReport.ts';
import { scheduledClock } from '../core/scheduledClock.ts';
import { binders } from '../server/Binder.ts';
import type { Dial } from '../transports/Dial.ts';
import { dialWs } from '../transports/ws/dialWs.ts';
import { nodeClock } from '../transports/ws/nodeClock.ts';
import type { LoopbackConfig } from './LoopbackConfig.ts';
import { Ports } from './Ports.ts';
import { ProcessRef } from './ProcessRef.ts';
import { Wires } from './Wires.ts';

/** Clients and a server inside one process; made by `loopback`. */
export interface Loopback<T> extends Unsubscribable, AsyncDisposable {
  /**
   * What the server emits, from its beginning. **Completes** and **errors with** the server, and completes when the loopback is
   * unsubscribed. **Holds** all of it.
   */
  readonly server: Observable<T>;
  /** As `connect` of `rxjs-ws`, to a server inside the process. */
  readonly connect: typeof connect;
  /** As `dial` of `rxjs-ws`, to a server inside the process. */
  readonly dial: typeof dial;
  /** Runs `task` as a part of the server: a `listen` that is subscribed within is reached here, and opens no port. */
  run<R>(task: () => R): R;
  /** That end of every connection, present and to come, reads its socket no more: backpressure reaches the other one. */
  stall(end: 'client' | 'server'): void;
  /** That end reads on. */
  resume(end: 'client' | 'server'): void;
  /** The network fails: both ends of every connection see ECONNRESET at once, and are lost. */
  reset(): void;
  /** As `unsubscribe`; fulfilled when nothing is left. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Connects clients to a server inside the process: real `ws` frames, handshakes and closes, and no port. `server` is any
 * Observable whose subscription subscribes `listen`, at once or later, and is the program that also runs in production. It is
 * subscribed once, here. Like a server that listens, it keeps the process alive.
 *
 * A path (`/chat`) reaches the first server that listens; a URL the one at its port and scheme, whatever its host is. No TLS is
 * spoken, with a `wss:` URL and a `tls` server neither. A `listen` that something outside of `server` subscribes, such as a Subject of
 * the test, opens its port, but within `run`: `net.run(() => restart.next())`.
 *
 * **Errors** of `server` reach `loopback.server`, and as the `cause` of a `HandshakeError` who connects. Who connects where nobody
 * listens gets one after `listenTimeoutMs` (1 s). **On unsubscribe** unsubscribes `server`, which closes its connections as it does
 * in production (1001); what is still open after 1 s is cut. **Holds** at most `bufferBytes` (256 KiB), and the write that went beyond
 * it, in each direction of a connection.
 *
 * @example
 * const shout = handle(({ text }: Connection) => text.pipe(map((line) => line.toUpperCase())));
 * await using net = loopback(listen({ port: 8080 }).pipe(shout));
 * const connection = await net.dial('/chat');
 * connection.send('hello');
 * console.log(await firstValueFrom(connection.text)); // HELLO
 */
export function loopback<T>(server: Observable<T>, config: LoopbackConfig = {}): Loopback<T> {
  const { latencyMs = 0, chunkBytes = Infinity, bufferBytes = 262_144, listenTimeoutMs = 1_000 } = config;
  const clock = scheduledClock(nodeClock, config.scheduler);
  const ref = new ProcessRef();
  const ports = new Ports(clock, listenTimeoutMs, ref);
  const wires = new Wires({ clock, latencyMs, chunkBytes: Math.max(1, chunkBytes), bufferBytes }, ref);

  if (config.server !== undefined) ports.bindBorrowed(config.server);
  const emitted = new ReplaySubject<T>(Infinity);
  const subscription = binders.run(ports, () =>
    server.subscribe({
      next: (value) => emitted.next(value),
      error: (error: unknown) => {
        ports.unbindAll();
        ports.close(`the server errored: ${messageOf(error)}`, error);
        emitted.error(error);
      },
      complete: () => {
        ports.close('the server has completed');
        emitted.complete();
      },
    }),
  );

  const dialHere: Dial = (request) =>
    ports
      .reach(request.url, request.where)
      .pipe(switchMap((bound) => dialWs(request, () => wires.open(bound))));
  const openingHere = <In, Out>(dialable: Dialable<In, Out>): ReturnType<typeof opening<In, Out>> =>
    opening<In, Out>(
      () => targets(dialable).pipe(switchMap((target) => located(target, ports))),
      dialHere,
      allFrames,
    );

  const unsubscribe = (): void => {
    try {
      subscription.unsubscribe();
    } finally {
      ports.unbindAll();
      ports.close('the loopback was unsubscribed');
      emitted.complete();
      void wires.end();
    }
  };
  return {
    server: emitted.asObservable(),
    connect: (dialable) => lifetime(openingHere(dialable)),
    dial: (dialable) => firstValueFrom(openingHere(dialable)),
    run: (task) => binders.run(ports, task),
    stall: (end) => wires.stall(end),
    resume: (end) => wires.resume(end),
    reset: () => wires.reset(),
    unsubscribe,
    [Symbol.asyncDispose]: async () => {
      unsubscribe();
      await wires.end();
    },
  };
}

/** What is no URL by itself is one of the first server; what is none even so is refused as `connect` does. */
function located<In, Out>(target: ConnectConfig<In, Out>, ports: Ports): Observable<ConnectConfig<In, Out>> {
  const url = String(target.url);
  if (URL.canParse(url)) return of(target);
  return ports
    .reach(undefined, url)
    .pipe(
      map((bound) => (URL.canParse(url, bound.url) ? { ...target, url: new URL(url, bound.url) } : target)),
    );
}
