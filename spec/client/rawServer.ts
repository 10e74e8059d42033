import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** A server of bytes, without HTTP: it says what a spec wants it to say. */
export interface RawServer extends AsyncDisposable {
  readonly url: string;
  /** All that have come, oldest first. */
  readonly sockets: readonly Socket[];
  /** Resolves with the first socket that comes, or came. */
  readonly connected: Promise<Socket>;
  /** Resolves when every socket that has come is closed, by whoever. */
  readonly gone: () => Promise<void>;
}

export const certificate: Buffer = readFileSync('spec/fixtures/server.crt');
const credentials = { cert: certificate, key: readFileSync('spec/fixtures/server.key') };

/** `onRequest` gets each socket once, with the whole head of its request. */
export function rawServer(onRequest: (socket: Socket, head: string) => void = () => {}): Promise<RawServer> {
  return started(createServer(), 'ws', 'connection', onRequest);
}

export function rawTlsServer(
  onRequest: (socket: Socket, head: string) => void = () => {},
): Promise<RawServer> {
  return started(createTlsServer(credentials), 'wss', 'secureConnection', onRequest);
}

async function started(
  server: Server,
  scheme: string,
  event: string,
  onRequest: (socket: Socket, head: string) => void,
): Promise<RawServer> {
  const sockets: Socket[] = [];
  const first = deferred<Socket>();
  server.on(event, (socket: Socket) => {
    sockets.push(socket);
    // What a client does to us is no affair of the spec's.
    socket.on('error', () => {});
    let head = '';
    socket.on('data', (chunk: Buffer) => {
      const had = head.includes('\r\n\r\n');
      head += chunk.toString('latin1');
      if (!had && head.includes('\r\n\r\n')) onRequest(socket, head);
    });
    first.resolve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://localhost:${port}/chat`,
    sockets,
    connected: first.promise,
    gone: async () => {
      for (const socket of sockets) {
        if (!socket.closed) await new Promise((done) => socket.on('close', done));
      }
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

/** The answer that opens a connection (RFC 6455, 4.2.2), with more header lines. */
export function switching(head: string, ...lines: string[]): string {
  const [, key = ''] = /^sec-websocket-key: (.*)\r$/im.exec(head) ?? [];
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  return answer(
    '101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    ...lines,
  );
}

export function answer(status: string, ...lines: string[]): string {
  return [`HTTP/1.1 ${status}`, ...lines, '', ''].join('\r\n');
}

/** An unmasked text frame of less than 126 bytes. */
export function textFrame(text: string): string {
  return `\x81${String.fromCharCode(text.length)}${text}`;
}

/** A close frame with code 1000. */
export const closeFrame = '\x88\x02\x03\xe8';
