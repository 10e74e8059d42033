import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

const request = (path) =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');

/** One read buffer for all sockets: what is read is counted and forgotten. */
const buffer = Buffer.alloc(65_536);

/**
 * Opens a WebSocket on a raw socket. `receive` gets the bytes behind the handshake: how many, and where they are, which
 * the next read overwrites.
 */
export function open({ port, path = '/', tls = false }, receive) {
  return new Promise((opened, failed) => {
    let head = '';
    let isOpen = false;
    const take = (length, bytes) => {
      if (isOpen) {
        receive(length, bytes);
        return;
      }
      head += bytes.latin1Slice(0, length);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!head.startsWith('HTTP/1.1 101')) failed(new Error(head.split('\r\n')[0]));
      isOpen = true;
      const rest = Buffer.from(head.slice(end + 4), 'latin1');
      opened(socket);
      if (rest.length > 0) receive(rest.length, rest);
    };
    const onread = { buffer, callback: (length, bytes) => (take(length, bytes), true) };
    const socket = tls
      ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
      : connectTcp({ port, host: '127.0.0.1', onread });
    if (tls) socket.on('data', (chunk) => take(chunk.length, chunk));
    socket.on('error', failed);
    socket.setNoDelay(true);
    socket.write(request(path));
  });
}
