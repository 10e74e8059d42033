import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type ServerOptions } from 'ws';
import { FlushingWebSocket, OWN_PONGS } from '../../../src/transports/ws/FlushingWebSocket.ts';

/** A frame as it stands on the wire. */
export interface WireFrame {
  readonly opcode: number;
  readonly fin: boolean;
  readonly rsv: number;
  readonly masked: boolean;
  readonly payload: Buffer;
}

/** The frames of a byte stream; a rest that is no whole frame is an error. */
export function parseFrames(bytes: Buffer): WireFrame[] {
  const frames: WireFrame[] = [];
  for (let at = 0; at < bytes.length;) {
    const [first, second] = [bytes[at]!, bytes[at + 1]!];
    let length = second & 0x7f;
    let header = 2;
    if (length === 126) {
      length = bytes.readUInt16BE(at + 2);
      header = 4;
    } else if (length === 127) {
      length = bytes.readUIntBE(at + 4, 6);
      header = 10;
    }
    const masked = second >= 0x80;
    const key = masked ? bytes.subarray(at + header, at + header + 4) : undefined;
    if (masked) header += 4;
    if (at + header + length > bytes.length) throw new Error(`half a frame at byte ${at} of ${bytes.length}`);
    const payload = Buffer.from(bytes.subarray(at + header, at + header + length));
    if (key) payload.forEach((byte, i) => (payload[i] = byte ^ key[i % 4]!));
    frames.push({ opcode: first & 0x0f, fin: first >= 0x80, rsv: (first >> 4) & 7, masked, payload });
    at += header + length;
  }
  return frames;
}

const NAMES: Record<number, string> = { 0: '+', 1: 'text', 2: 'binary', 8: 'close', 9: 'ping', 10: 'pong' };

/** `text:hello`, `close:1000`, `ping:x`; long payloads as their length. */
export function show({ opcode, payload }: WireFrame): string {
  const body =
    opcode === 8
      ? payload.length
        ? payload.readUInt16BE(0)
        : ''
      : payload.length > 20
        ? payload.length
        : payload;
  return `${NAMES[opcode]}:${body.toString()}`;
}

/** A client frame, masked with a fixed key. */
export function clientFrame(opcode: number, payload: string | Buffer = '', fin = true): Buffer {
  const body = Buffer.from(payload as string);
  const header =
    body.length < 126
      ? Buffer.from([(fin ? 0x80 : 0) | opcode, 0x80 | body.length])
      : Buffer.from([(fin ? 0x80 : 0) | opcode, 0x80 | 126, body.length >> 8, body.length & 255]);
  const key = Buffer.from([1, 2, 3, 4]);
  return Buffer.concat([header, key, body.map((byte, i) => byte ^ key[i % 4]!)]);
}

export const UPGRADE =
  'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';

/** A server that accepts everything, and hands on the `ws` and its socket. */
export async function acceptAll(
  accepted: (ws: FlushingWebSocket, socket: Duplex) => void,
  options: ServerOptions<typeof FlushingWebSocket> = {},
): Promise<{ server: Server; port: number }> {
  const upgrader = new WebSocketServer({
    ...options,
    ...OWN_PONGS,
    noServer: true,
    clientTracking: false,
    WebSocket: FlushingWebSocket,
  });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    upgrader.handleUpgrade(request, socket, head, (ws) => accepted(ws, socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** Sends the upgrade and `bytes` in one packet, and collects what comes back behind the 101 until the server ends. */
export async function exchange(
  port: number,
  bytes: Buffer,
  react?: (socket: Socket, sofar: Buffer) => void,
): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1');
  socket.write(Buffer.concat([Buffer.from(UPGRADE), bytes]));
  let received = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    react?.(socket, received);
  });
  socket.on('end', () => socket.end());
  await once(socket, 'close');
  return received.subarray(received.indexOf('\r\n\r\n') + 4);
}
