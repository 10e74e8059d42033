import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import {
  createServer as createHttpsServer,
  type Server as HttpsServer,
  type ServerOptions,
} from 'node:https';
import { Observable } from 'rxjs';
import { ListenError } from '../core/ListenError.ts';
import { type Binder, binders } from './Binder.ts';

/** What an own server is made with. */
export interface OwnServerConfig {
  port?: number;
  host?: string;
  tls?: ServerOptions;
  handshakeTimeoutMs?: number;
}

/**
 * Emits a server, and then lets it listen, or binds it where it is subscribed within a `Binder`. Completes when it has closed, which `closing` makes it do; errors with
 * a `ListenError`. On unsubscribe it closes.
 */
export function ownServer(
  config: OwnServerConfig,
  closing: Observable<unknown>,
): Observable<HttpServer | HttpsServer> {
  return new Observable((subscriber) => {
    const { port = 0, host } = config;
    const fail = (cause: unknown): void => {
      const { message } = Object(cause) as { message?: unknown };
      subscriber.error(
        new ListenError(`cannot listen on ${host ?? ''}:${port}: ${String(message)}`, { cause }),
      );
    };
    const binder = binders.getStore();
    try {
      const server = create(config);
      // It stays when the subscription has ended: an error may still come then, and nobody else would take it.
      server.on('error', fail);
      server.on('close', () => subscriber.complete());
      subscriber.add(() => close(server, binder));
      subscriber.add(closing.subscribe(() => close(server, binder)));
      subscriber.next(server);
      if (subscriber.closed) return;
      if (binder === undefined) server.listen({ port, ...(host === undefined ? {} : { host }) });
      else binder.bind(server, { port, host });
    } catch (error) {
      fail(error);
    }
  });
}

function create({ tls, handshakeTimeoutMs = 10_000 }: OwnServerConfig): HttpServer | HttpsServer {
  const isLimited = Number.isFinite(handshakeTimeoutMs);
  const limits = {
    // Node counts both from the moment the socket is there, or the last answer was; zero is no limit.
    headersTimeout: isLimited ? handshakeTimeoutMs : 0,
    requestTimeout: isLimited ? handshakeTimeoutMs : 0,
    connectionsCheckingInterval: Math.min(1_000, Math.ceil(handshakeTimeoutMs / 10)),
  };
  if (tls === undefined) return createHttpServer(limits, askForUpgrade);
  const handshake = isLimited ? { handshakeTimeout: handshakeTimeoutMs } : {};
  const server = createHttpsServer({ ...limits, ...handshake, ...tls }, askForUpgrade);
  // A socket in its TLS handshake cannot be closed from here. It is left to its time limit, and keeps no process
  // alive.
  server.on('connection', (socket: { unref(): void }) => socket.unref());
  server.on('secureConnection', (socket) => socket.ref());
  return server;
}

/** RFC 9110, 15.5.22. */
const askForUpgrade: RequestListener = (_request, response) => {
  response.writeHead(426, {
    Connection: 'close, Upgrade',
    Upgrade: 'websocket',
    'Content-Type': 'text/plain',
  });
  response.end('this server speaks WebSocket\n');
};

function close(server: HttpServer | HttpsServer, binder: Binder | undefined): void {
  if (binder !== undefined) binder.unbind(server);
  else if (!server.listening) {
    // While the name of a host is looked up there is nothing to close yet.
    server.once('listening', () => close(server, binder));
    return;
  }
  server.close();
  // Also those that have begun a request: Node looks no more at how long it takes. Upgraded sockets are not among
  // them.
  server.closeAllConnections();
}
