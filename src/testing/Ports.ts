import { AsyncResource } from 'node:async_hooks';
import { Observable, Subject } from 'rxjs';
import type { Clock } from '../core/Clock.ts';
import { HandshakeError } from '../core/HandshakeError.ts';
import { addressOf } from '../server/addressOf.ts';
import { type BindAddress, type Binder, boundAddresses } from '../server/Binder.ts';
import type { ListenConfig } from '../server/ListenConfig.ts';
import { expiry } from '../transports/expiry.ts';
import { nodeClock } from '../transports/ws/nodeClock.ts';
import type { ProcessRef } from './ProcessRef.ts';

export type AnyServer = NonNullable<ListenConfig['server']>;

/** Where the dynamic ports begin (RFC 6335, 6). */
const FIRST_FREE_PORT = 49_152;

/** A server that is reached inside the process. */
export interface Bound {
  readonly server: AnyServer;
  readonly port: number;
  /** `ws://localhost:8080`; `wss:` for a server with TLS. */
  readonly url: string;
  readonly isSecure: boolean;
  /** What happens to the server does so in the async context in which it was bound. */
  readonly resource: AsyncResource;
  /** Whether somebody answers upgrades. */
  isReady(): boolean;
  free(): void;
}

/** The ports inside the process: who is bound to them, and who waits for that. */
export class Ports implements Binder {
  private readonly clock: Clock;
  private readonly listenTimeoutMs: number;
  private readonly ref: ProcessRef;
  private readonly changes = new Subject<void>();
  /** In the order in which they were bound. */
  private bounds: readonly Bound[] = [];
  private over: { readonly why: string; readonly cause: unknown } | undefined;

  constructor(clock: Clock, listenTimeoutMs: number, ref: ProcessRef) {
    this.clock = clock;
    this.listenTimeoutMs = listenTimeoutMs;
    this.ref = ref;
  }

  bind(server: AnyServer, { port: asked, host = '::' }: BindAddress): void {
    if (this.over !== undefined) throw new Error(this.over.why);
    if (!Number.isInteger(asked) || asked < 0 || asked > 65_535)
      throw Object.assign(new RangeError(`${asked} is no port`), { code: 'ERR_SOCKET_BAD_PORT' });
    const port = asked === 0 ? this.freePort() : asked;
    if (this.isTaken(port))
      throw systemError('listen', 'EADDRINUSE', `address already in use ${host}:${port}`);
    boundAddresses.set(server, { port, address: host });
    this.add(server, { isReady: () => true, free: () => {} });
    nodeClock.later(() => {
      if (this.isBound(server)) server.emit('listening');
    });
  }

  /** A server of somebody else's, which may listen beside that. It is ready as soon as it has an `upgrade` listener. */
  bindBorrowed(server: AnyServer): void {
    if (addressOf(server) === undefined)
      boundAddresses.set(server, { port: defaultPort(isTls(server)), address: '::' });
    const look = (): void => nodeClock.later(() => this.changes.next());
    server.on('newListener', look);
    this.add(server, {
      isReady: () => server.listenerCount('upgrade') > 0,
      free: () => server.off('newListener', look),
    });
  }

  unbind(server: AnyServer): void {
    const gone = this.bounds.find((bound) => bound.server === server);
    if (gone === undefined) return;
    this.bounds = this.bounds.filter((bound) => bound !== gone);
    boundAddresses.delete(server);
    gone.free();
  }

  isBound(server: AnyServer): boolean {
    return this.bounds.some((bound) => bound.server === server);
  }

  /** No server is bound from now on; who is not there by now is told why. */
  close(why: string, cause?: unknown): void {
    this.over ??= { why, cause };
    this.changes.next();
  }

  unbindAll(): void {
    for (const { server } of this.bounds) this.unbind(server);
  }

  /**
   * Emits the server at the port of `url`, or without one the first that was bound, as soon as there is one, and
   * completes. **Errors with** a `HandshakeError` where there is none in time, or will be none.
   */
  reach(url: URL | undefined, where: string): Observable<Bound> {
    return new Observable((subscriber) => {
      const fail = (why: string, cause: unknown = systemError('connect', 'ECONNREFUSED', where)): void =>
        subscriber.error(new HandshakeError(`could not connect to ${where}: ${why}`, {}, { cause }));
      const here = new AsyncResource('Ports.reach');
      const look = (): void => {
        const found = this.bounds.find((bound) => bound.isReady() && (url === undefined || isAt(bound, url)));
        if (found !== undefined) {
          subscriber.next(found);
          subscriber.complete();
        } else if (this.over !== undefined) fail(this.over.why, this.over.cause);
      };
      subscriber.add(this.ref.hold());
      // Not in the context of the server that has just been bound.
      subscriber.add(this.changes.subscribe(() => here.runInAsyncScope(look)));
      subscriber.add(expiry(this.listenTimeoutMs, this.clock).subscribe(() => fail(this.nobody())));
      look();
    });
  }

  private nobody(): string {
    const urls = this.bounds.filter((bound) => bound.isReady()).map(({ url }) => url);
    const within = `within ${this.listenTimeoutMs} ms`;
    return urls.length === 0
      ? `no \`listen\` with a server of its own was subscribed ${within} in the subscription of \`loopback\`, or in its \`run\`; a borrowed server is given as \`server\``
      : `nothing listened there ${within}, only at ${urls.join(', ')}`;
  }

  private add(server: AnyServer, { isReady, free }: Pick<Bound, 'isReady' | 'free'>): void {
    const isSecure = isTls(server);
    const address = addressOf(server)!;
    // 0: a Unix socket, which no URL tells.
    const port = address.port || defaultPort(isSecure);
    const url = address.port === 0 ? `${isSecure ? 'wss' : 'ws'}://localhost` : address.url;
    const letGo = this.ref.hold();
    const bound: Bound = {
      server,
      port,
      url,
      isSecure,
      resource: new AsyncResource('Bound'),
      isReady: () => this.bounds.includes(bound) && isReady(),
      free: () => {
        free();
        letGo();
      },
    };
    this.bounds = [...this.bounds, bound];
    this.changes.next();
  }

  private isTaken(port: number): boolean {
    return this.bounds.some((bound) => bound.port === port);
  }

  private freePort(): number {
    let port = FIRST_FREE_PORT;
    while (this.isTaken(port)) port++;
    return port;
  }
}

function isAt({ port, isSecure }: Bound, url: URL): boolean {
  if ((url.protocol === 'wss:') !== isSecure) return false;
  return port === Number(url.port || defaultPort(isSecure));
}

/** Only TLS servers have it, of whatever realm they are. */
const isTls = (server: AnyServer): boolean => 'setSecureContext' in server;

const defaultPort = (isSecure: boolean): number => (isSecure ? 443 : 80);

/** As Node makes them. */
function systemError(syscall: string, code: string, what: string): Error {
  return Object.assign(new Error(`${syscall} ${code} ${what}`), { code, syscall });
}
