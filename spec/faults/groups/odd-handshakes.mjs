// Requests that are no opening handshake, or an odd one (RFC 6455, 4.2.1): the status, and the end of the socket.
import * as ours from 'rxjs-ws';
import { NEVER } from 'rxjs';
import { Peer, rawServer, request } from '../Peer.mjs';
import { serve } from '../serve.mjs';

const get = (fields, options) => request(fields, options);
const lines = (...all) => [...all, '', ''].join('\r\n');
const plain = get().split('\r\n').slice(0, -2);

/** What is sent, and the status of the answer. 101 stays open; all else ends the socket. */
const requests = [
  ['nothing odd: the plain request', 101, get()],
  ['POST', 400, get({}, { method: 'POST' })],
  ['HTTP/1.0', 400, get({}, { version: '1.0' })],
  ['no `Host`', 400, get({ Host: undefined })],
  ['two `Host`', 400, get({ Host: ['127.0.0.1', 'evil.example'] })],
  ['a `Host` with a path', 400, get({ Host: '127.0.0.1/x' })],
  ['a `Host` with a user name', 400, get({ Host: 'me@127.0.0.1' })],
  ['an empty `Host`', 400, get({ Host: '' })],
  ['no `Upgrade`', 426, get({ Upgrade: undefined })],
  ['no `Connection`', 426, get({ Connection: undefined })],
  ['`Upgrade: h2c`', 400, get({ Upgrade: 'h2c' })],
  ['`Upgrade: WEBSOCKET`', 101, get({ Upgrade: 'WEBSOCKET' })],
  ['`Connection: keep-alive, upgrade`', 101, get({ Connection: 'keep-alive, upgrade' })],
  ['no key', 400, get({ 'Sec-WebSocket-Key': undefined })],
  ['a key of 15 bytes', 400, get({ 'Sec-WebSocket-Key': Buffer.alloc(15).toString('base64') })],
  ['a key that is no base64', 400, get({ 'Sec-WebSocket-Key': '!!!!!!!!!!!!!!!!!!!!!!==' })],
  ['two keys', 400, get({ 'Sec-WebSocket-Key': ['dGhlIHNhbXBsZSBub25jZQ==', 'dGhlIHNhbXBsZSBub25jZQ=='] })],
  ['no version', 426, get({ 'Sec-WebSocket-Version': undefined })],
  ['version 8', 426, get({ 'Sec-WebSocket-Version': '8' })],
  ['version 13, twice', 426, get({ 'Sec-WebSocket-Version': ['13', '13'] })],
  ['a body', 400, get({ 'Content-Length': '5' }) + 'hello'],
  ['a chunked body', 400, get({ 'Transfer-Encoding': 'chunked' }) + '0\r\n\r\n'],
  ['a body of no bytes', 101, get({ 'Content-Length': '0' })],
  ['a foreign `Origin`', 403, get({ Origin: 'https://evil.example' })],
  ['`Origin: null`', 403, get({ Origin: 'null' })],
  ['two `Origin`', 403, get({ Origin: ['http://127.0.0.1', 'https://evil.example'] })],
  ['the own `Origin`, another port', 101, get({ Origin: 'http://127.0.0.1:8080' })],
  ['a malformed `Sec-WebSocket-Protocol`', 400, get({ 'Sec-WebSocket-Protocol': 'a,,b' })],
  ['a subprotocol offered twice', 400, get({ 'Sec-WebSocket-Protocol': 'a, a' })],
  ['a subprotocol that nobody knows', 101, get({ 'Sec-WebSocket-Protocol': 'unknown' })],
  ['a malformed extension', 400, get({ 'Sec-WebSocket-Extensions': 'permessage-deflate; =' })],
  ['the target in absolute form', 101, get({}, { target: 'http://127.0.0.1/' })],
  ['the target `*`', 400, get({}, { target: '*' })],
  ['a path of nobody', 404, get({}, { target: '/elsewhere' })],
  ['a line that is no header', 400, lines(...plain, 'this is no header')],
  ['a space before a colon', 400, lines(...plain, 'X-Odd : 1')],
  ['a NUL in a header', 400, lines(...plain, 'X-Odd: a\0b')],
  ['20 KiB of headers', 431, get({ 'X-Long': 'x'.repeat(20_480) })],
  ['two lengths', 400, get({ 'Content-Length': ['0', '5'] })],
  ['the preface of HTTP/2', 400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a TLS hello', 400, Buffer.from('160301020001000001fc0303', 'hex')],
  ['bytes of anything', 400, Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
];

const asked = (open, bytes, status) => async (attempt) => {
  const { port, seen } = await open(attempt);
  const peer = Peer.to(port, bytes);
  attempt.after(() => peer.destroy());
  await attempt.sees(() => peer.hasHead || peer.closed || peer.ended, 'an answer');
  attempt.same(peer.status, status, 'status');
  if (status !== 101) await attempt.sees(() => peer.ended || peer.closed, 'the end of the socket');
  if (status === 426 && peer.head.includes('Sec-WebSocket-Version'))
    attempt.check(peer.head.includes('Sec-WebSocket-Version: 13'), 'the answer does not say which version');
  attempt.same(seen.connections.length, status === 101 ? 1 : 0, 'connections');
};

const server = (attempt) =>
  serve(ours, attempt, () => NEVER, { path: '/', perMessageDeflate: true, handshakeTimeoutMs: 2_000 });

/** The controls: a server that opens whatever comes, and one that refuses whatever comes and lets it lie. */
const always = (answer) => async (attempt) => {
  const { port, stop } = await rawServer((peer) => peer.write(answer));
  attempt.after(stop);
  return { port, seen: { connections: [] } };
};
const opening = always('HTTP/1.1 101 Switching Protocols\r\n\r\n');
const refusing = always('HTTP/1.1 403 Forbidden\r\n\r\n');

const oddities = requests.map(([fault, status, bytes]) => ({
  fault,
  expected: status === 101 ? '101' : `${status}, and the socket is ended`,
  run: asked(server, bytes, status),
  control:
    status === 101
      ? { what: 'a server that refuses whatever comes', run: asked(refusing, bytes, status) }
      : { what: 'a server that opens whatever comes', run: asked(opening, bytes, status) },
}));

export { oddities as lines };
