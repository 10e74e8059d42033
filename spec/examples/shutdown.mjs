import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { addressOf, peer } from './peer.mjs';

const UPGRADE =
  'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';

/** A client without manners: it answers nothing. */
const raw = async (port) => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  socket.write(UPGRADE);
  await once(socket, 'data');
  return socket.resume();
};

/** A masked text frame of 60 KB. */
const LARGE = Buffer.concat([
  Buffer.from([0x81, 0xfe, 60_000 >> 8, 60_000 & 255, 0, 0, 0, 0]),
  Buffer.alloc(60_000, 'x'),
]);

/** So many of each kind, by what they do. */
const crowd = {
  idle: async (url) => (await peer(url)).socket,
  busy: async (url) => {
    const { socket } = await peer(url);
    const timer = setInterval(() => socket.send('busy'), 50);
    socket.on('close', () => clearInterval(timer));
    return socket;
  },
  /** Reads nothing more, and so sees no close frame. */
  held: async (url) => {
    const { socket } = await peer(url);
    socket.pause();
    return socket;
  },
  /** Sends, and reads no answer. */
  stalled: async (url) => {
    const socket = await raw(new URL(url).port);
    socket.pause();
    for (let i = 0; i < 40; i++) socket.write(LARGE);
    return socket;
  },
  /** Sends no more, and does not hang up. */
  halfOpen: async (url) => {
    const socket = await raw(new URL(url).port);
    socket.end();
    return socket;
  },
  /** Is there, and says nothing. */
  silent: async (url) => raw(new URL(url).port),
};

export default async ({ start }) => {
  const example = start({ env: { PORT: '0' } });
  const url = await addressOf(example);
  const clients = await Promise.all([peer(url), peer(url)]);
  for (const client of clients) client.send('hello');
  for (const client of clients) assert.equal(await client.next(), 'HELLO');

  const exited = example.stop('SIGTERM');
  for (const client of clients) assert.equal((await client.closed).code, 1001);
  assert.equal(await exited, 0);
  assert.deepEqual(example.output().trimEnd().split('\n').slice(1), [
    'closed 1001',
    'closed 1001',
    'all closed',
  ]);
  await assert.rejects(peer(url));

  // A thousand clients of all kinds are gone within the time that a close may take, and a second; and so is the process.
  const crowded = start({ env: { PORT: '0' } });
  const place = await addressOf(crowded);
  const sockets = [];
  for (const join of Object.values(crowd))
    for (let i = 0; i < 17; i++)
      sockets.push(...(await Promise.all(Array.from({ length: 10 }, () => join(place)))));
  assert.ok(sockets.length >= 1_000);
  const askedAt = performance.now();
  assert.equal(await crowded.stop('SIGTERM'), 0);
  const tookMs = performance.now() - askedAt;
  assert.match(crowded.output(), /all closed\s*$/);
  assert.ok(tookMs < 11_000, `it took ${Math.round(tookMs)} ms`);
  for (const socket of sockets) (socket.terminate ?? socket.destroy).call(socket);

  // A port that is taken is an error of the program, in words.
  const first = start({ env: { PORT: '0' } });
  const port = new URL(await addressOf(first)).port;
  const second = start({ env: { PORT: port } });
  assert.equal(await second.exited, 1);
  assert.match(second.output(), /EADDRINUSE/);
};
