import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';

/** A server that speaks WebSocket, by `ws` and nothing of ours. */
export interface WsServer extends AsyncDisposable {
  readonly url: string;
  readonly clients: ReadonlySet<WebSocket>;
}

export async function wsServer(
  onConnection: (ws: WebSocket, request: IncomingMessage) => void = () => {},
  options: ServerOptions = {},
): Promise<WsServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, ...options });
  server.on('connection', (ws, request) => {
    ws.on('error', () => {});
    onConnection(ws, request);
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://localhost:${port}/chat`,
    clients: server.clients,
    async [Symbol.asyncDispose]() {
      for (const ws of server.clients) ws.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Sends back what it gets. */
export function echo(ws: WebSocket): void {
  ws.on('message', (data, binary) => ws.send(data, { binary }));
}

/** How the server sees the end of its first connection: code and reason. */
export function firstClose(): {
  watch: (ws: WebSocket) => void;
  seen: Promise<[code: number, reason: string]>;
} {
  let watch!: (ws: WebSocket) => void;
  const seen = new Promise<[number, string]>((resolve) => {
    watch = (ws) => ws.on('close', (code, reason) => resolve([code, reason.toString()]));
  });
  return { watch, seen };
}
