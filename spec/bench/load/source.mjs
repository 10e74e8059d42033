// A server that says what was prepared, or counts what it hears: for clients under test.
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { headerBytes, repeated, textFrame } from './frames.mjs';

const accept = (key) =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
const answer = (key) =>
  [
    'HTTP/1.1 101 Switching Protocols',
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Accept: ${accept(key)}`,
    '\r\n',
  ].join('\r\n');

/** Speaks, at `/say?count=…&bytes=…`, so many messages. */
function say(socket, count, bytes) {
  const block = repeated(textFrame('x'.repeat(bytes), false), 512);
  const size = block.length / 512;
  let left = count;
  const turn = () => {
    while (left > 0) {
      const some = Math.min(left, 512);
      left -= some;
      if (!socket.write(block.subarray(0, some * size))) return;
    }
  };
  socket.on('drain', turn);
  turn();
}

/** Listens, at `/hear?…`, until it has heard so many, then says so with one message. */
function hear(socket, count, bytes) {
  const total = count * (headerBytes(bytes) + 4 + bytes);
  let heard = 0;
  return (length) => {
    const before = heard;
    heard += length;
    if (before < total && heard >= total) socket.write(textFrame('heard', false));
  };
}

/** Resolves with its port. */
export function source() {
  const server = createServer((socket) => {
    let head = '';
    let receive;
    socket.setNoDelay(true).on('error', () => undefined);
    socket.on('data', (chunk) => {
      if (receive) {
        receive(chunk.length);
        return;
      }
      head += chunk.latin1Slice();
      if (!head.includes('\r\n\r\n')) return;
      const { pathname, searchParams } = new URL(head.split(' ')[1], 'ws://localhost');
      const [count, bytes] = [Number(searchParams.get('count')), Number(searchParams.get('bytes'))];
      socket.write(answer(/sec-websocket-key: (.+?)\r\n/i.exec(head)[1]));
      receive = pathname === '/hear' ? hear(socket, count, bytes) : () => undefined;
      if (pathname === '/say') say(socket, count, bytes);
    });
  });
  return new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(server.address().port)));
}
