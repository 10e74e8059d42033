// The control: servers and clients as they are written by hand with `ws` and RxJS, in the shape of the library.
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { from, fromEventPattern, ignoreElements, mergeMap, Observable, take, takeUntil, tap } from 'rxjs';
import { WebSocket, WebSocketServer } from 'ws';

const asIs = { encode: (value) => value, decode: (data) => data };

/** Not `fromEvent`, which takes a WebSocket for an EventTarget. */
const eventsOf = (ws, name, project) =>
  fromEventPattern(
    (listener) => ws.on(name, listener),
    (listener) => ws.off(name, listener),
    project,
  );

function connectionOf(ws, { codec = asIs } = {}, path = '') {
  const closed = eventsOf(ws, 'close', (code, reason) => ({ code, reason: String(reason) })).pipe(take(1));
  const messages = eventsOf(ws, 'message', (data, isBinary) =>
    codec.decode(isBinary ? data : data.toString()),
  ).pipe(takeUntil(closed));
  return {
    messages,
    text: messages,
    binary: messages,
    handshake: { path },
    closed,
    send: (message) => ws.send(codec.encode(message)),
    sendFragments: (parts) =>
      from(parts).pipe(
        tap((part) => ws.send(part, { fin: false })),
        ignoreElements(),
      ),
    close: (code, reason) => ws.close(code, reason),
    terminate: () => ws.terminate(),
    hold: () => {
      ws.pause();
      return { unsubscribe: () => ws.resume() };
    },
    get state() {
      return ['open', 'open', 'closing', 'closed'][ws.readyState];
    },
    get bufferedBytes() {
      return ws.bufferedAmount;
    },
  };
}

export function listen(config) {
  const { server, tls, port = 0, host, origins, shouldUpgrade = () => true, listening, closeWhen } = config;
  return new Observable((subscriber) => {
    const http = server ?? (tls ? createTlsServer(tls) : createServer());
    const sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: config.perMessageDeflate ?? false,
      maxPayload: config.maxMessageBytes ?? 100 * 2 ** 20,
      ...config.ws,
    });
    const onUpgrade = async (request, socket, head) => {
      const { headers } = request;
      const isAllowed = typeof origins !== 'function' || origins(headers.origin);
      const decision = await shouldUpgrade({ headers, path: request.url, raw: request });
      if (!isAllowed || !decision) {
        socket.write('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, socket, head, (ws) =>
        subscriber.next(connectionOf(ws, config, request.url)),
      );
    };
    http.on('upgrade', onUpgrade);
    if (closeWhen) from(closeWhen).subscribe(() => subscriber.complete());
    if (!server)
      http.listen(port, host, () => {
        const address = { port: http.address().port };
        if (typeof listening === 'function') listening(address);
        else {
          listening?.next?.(address);
          listening?.complete?.();
        }
      });
    return () => {
      http.off('upgrade', onUpgrade);
      if (!server) http.close();
    };
  });
}

export const handle = (project) => (connections) =>
  connections.pipe(
    mergeMap((connection) => from(project(connection)).pipe(tap(connection.send), ignoreElements())),
  );

export function connect(target) {
  return new Observable((subscriber) => {
    const config = typeof target === 'object' ? target : { url: target };
    const ws = new WebSocket(config.url, { perMessageDeflate: config.perMessageDeflate ?? true });
    ws.on('open', () => subscriber.next(connectionOf(ws, config)));
    ws.on('close', () => subscriber.complete());
    return () => ws.close();
  });
}

export const dial = (config) =>
  new Promise((opened) => {
    connect(config).subscribe(opened);
  });
