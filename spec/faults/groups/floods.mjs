// Peers that send more than anybody can want: what is held for them stays within a bound, and others are served.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { constants, deflateRawSync } from 'node:zlib';
import * as ours from 'rxjs-ws';
import { map, NEVER } from 'rxjs';
import * as byHand from '../byHand.mjs';
import { openingServer, Peer, request } from '../Peer.mjs';
import { serve, watched } from '../serve.mjs';
import { sleep, until } from '../until.mjs';
import { BINARY, CONTINUATION, frame, PING, PONG, text } from '../wire.mjs';

const KIB = 1_024;
const MIB = KIB * KIB;
const mib = (bytes) => `${(bytes / MIB).toFixed(1)} MiB`;

/** How far heap and buffers grow above now, at most, until the result is called. */
function growth() {
  const now = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  globalThis.gc();
  globalThis.gc();
  const before = now();
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, now() - before)), 5);
  return () => {
    clearInterval(timer);
    return most;
  };
}

/** What is kept, with all garbage gone. */
function kept() {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function looked(lib, attempt, project, config) {
  const server = createServer();
  const sockets = [];
  server.on('connection', (socket) => sockets.push(socket));
  const { seen } = await serve(lib, attempt, project, { server, ...config });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  attempt.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { port: server.address().port, seen, sockets };
}

/** Pings by the megabyte, whose pongs nobody reads. */
const pings = (lib) => async (attempt) => {
  const { port, sockets, seen } = await looked(lib, attempt, () => NEVER);
  const peer = await Peer.opened(port);
  attempt.after(() => peer.destroy());
  peer.socket.pause();
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, sockets[0].writableLength)), 1);
  attempt.after(() => clearInterval(timer));
  const block = Buffer.concat(
    Array.from({ length: 1_000 }, () => frame(PING, 'x'.repeat(125), { masked: true })),
  );
  await peer.pour(block, 64 * MIB, { patienceMs: 1_000 });
  await sleep(200);
  attempt.check(most < 2 * MIB, `${mib(most)} of pongs wait for the peer`);
  attempt.note = `at most ${mib(most)} of pongs wait${seen.closes.length > 0 ? `; closed with ${seen.closes[0].code}` : ''}`;
};

/** `ws` before it cut whoever sends more than 60 pings in one go. */
const unlimited = {
  ...byHand,
  listen: (config) => byHand.listen({ ...config, ws: { maxPendingAutoPongs: 0 } }),
};

/** As many pings in one packet as fit, from a peer that reads: it is no flood. */
const pingsAtOnce = (lib) => async (attempt) => {
  const { port, seen } = await serve(lib, attempt, () => NEVER);
  const peer = await Peer.opened(port);
  attempt.after(() => peer.destroy());
  const last = frame(PING, 'the last', { masked: true });
  peer.write(
    Buffer.concat([...Array.from({ length: 300 }, (_, i) => frame(PING, String(i), { masked: true })), last]),
  );
  const answered = () =>
    peer.closed ||
    peer.frames.some(({ opcode, payload }) => opcode === PONG && payload.toString() === 'the last');
  await attempt.sees(answered, 'the pong of the last ping');
  attempt.same(seen.closes.length, 0, 'ends');
};

/** Messages of nothing, or of a byte, to a connection whose reading is held: their number counts, not their bytes. */
const unread = (lib, payload) => async (attempt) => {
  const { port, sockets } = await looked(lib, attempt, (connection) => (connection.hold(), NEVER));
  const peer = await Peer.opened(port);
  attempt.after(() => peer.destroy());
  const block = Buffer.concat(Array.from({ length: 10_000 }, () => text(payload, { masked: true })));
  const before = sockets[0].bytesRead;
  const total = (attempt.ci ? 1_000_000 : 3_000_000) * (6 + payload.length);
  await peer.pour(block, total, { patienceMs: 1_000 });
  await sleep(200);
  const read = (sockets[0].bytesRead - before) / (6 + payload.length);
  attempt.check(read < 200_000, `${Math.round(read).toLocaleString('en')} messages were read`);
  attempt.note = `${Math.round(read).toLocaleString('en')} messages were read, then it waits`;
};
/** By hand `hold` pauses the socket at once; here the control does not hold. */
const reading = { ...byHand, handle: () => byHand.handle(() => NEVER) };

const FRAGMENTS = 16_000;

/** A message in 16,000 parts of a byte, on each of many connections at the same time; they end when all have begun. */
const fragments = (lib, mostKib) => async (attempt) => {
  const count = attempt.ci ? 40 : 100;
  const { port, seen } = await serve(lib, attempt, ({ messages }) =>
    messages.pipe(map(({ length }) => String(length))),
  );
  const peers = [];
  attempt.after(() => peers.forEach((peer) => peer.destroy()));
  for (let i = 0; i < count; i++) peers.push(await Peer.opened(port));
  const bystander = await Peer.opened(port);
  attempt.after(() => bystander.destroy());
  const most = Buffer.concat([
    frame(BINARY, 'x', { fin: false, masked: true }),
    ...Array.from({ length: FRAGMENTS - 2 }, () => frame(CONTINUATION, 'x', { fin: false, masked: true })),
  ]);
  const before = kept();
  for (const peer of peers) peer.write(most);
  let slowest = 0;
  for (let i = 0; i < 10; i++) {
    const askedAt = performance.now();
    bystander.write(text('x'.repeat(i), { masked: true }));
    await attempt.sees(() => bystander.texts.length === i + 1, 'the answer to a bystander');
    slowest = Math.max(slowest, performance.now() - askedAt);
  }
  await sleep(500);
  const each = (kept() - before) / count;
  for (const peer of peers) peer.write(frame(CONTINUATION, 'x', { masked: true }));
  await attempt.sees(() => peers.every((peer) => peer.texts.length === 1), 'every message', 20_000);
  attempt.check(
    peers.every((peer) => peer.texts[0] === String(FRAGMENTS)),
    'a message is not whole',
  );
  attempt.same(seen.closes.length, 0, 'ends');
  attempt.check(each < mostKib * KIB, `${Math.round(each / KIB)} KiB are held for each`);
  attempt.note = `${count} connections, ${Math.round(each / KIB)} KiB held for each, a bystander waits ${Math.round(slowest)} ms at most`;
};

const BOMB = 90 * MIB;
const packed = deflateRawSync(Buffer.alloc(BOMB), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
const DEFLATE = { 'Sec-WebSocket-Extensions': 'permessage-deflate' };

/** In one frame, or in many; to a server, many times at once. */
const bombs = (lib, inParts) => async (attempt) => {
  const { port, seen } = await serve(lib, attempt, () => NEVER, { perMessageDeflate: true });
  const half = packed.length >> 1;
  const bomb = inParts
    ? Buffer.concat([
        frame(BINARY, packed.subarray(0, half), { rsv: 4, fin: false, masked: true }),
        frame(CONTINUATION, packed.subarray(half), { masked: true }),
      ])
    : frame(BINARY, packed, { rsv: 4, masked: true });
  const count = attempt.ci ? 4 : 10;
  const peers = [];
  attempt.after(() => peers.forEach((peer) => peer.destroy()));
  for (let i = 0; i < count; i++) peers.push(await Peer.opened(port, request(DEFLATE)));
  const measured = growth();
  for (const peer of peers) peer.write(bomb);
  const areOver = () => peers.every(({ closeCode, closed }) => closeCode !== undefined || closed);
  await until(areOver, 'their ends', 3_000).catch(() => {});
  const most = measured();
  attempt.check(most < 64 * MIB, `memory grew by ${mib(most)}`);
  await attempt.sees(areOver, 'their ends', 20_000);
  for (const peer of peers) attempt.same(peer.answersClose({ masked: true }).closeCode, 1009, 'close code');
  await attempt.sees(() => seen.closes.length === count, 'the ends', 20_000);
  attempt.note = `${count} times ${mib(BOMB)} in ${Math.round(bomb.length / KIB)} KiB; memory grew by ${mib(most)} at most`;
};

const bombToClient = (lib) => async (attempt) => {
  const bomb = frame(BINARY, packed, { rsv: 4 });
  const { url, peers, stop } = await openingServer(() => {}, '', {
    lines: ['Sec-WebSocket-Extensions: permessage-deflate'],
  });
  attempt.after(stop);
  const connection = await lib.dial({ url });
  attempt.after(() => connection.terminate());
  const { closes } = watched(connection);
  const measured = growth();
  peers[0].write(bomb);
  await until(() => peers[0].closeCode !== undefined, 'a close frame', 3_000).catch(() => {});
  const most = measured();
  attempt.check(most < 64 * MIB, `memory grew by ${mib(most)}`);
  await attempt.sees(() => peers[0].closeCode !== undefined, 'a close frame', 20_000);
  attempt.same(peers[0].answersClose().closeCode, 1009, 'close code');
  await attempt.sees(() => closes.length > 0, 'the end');
  attempt.note = `memory grew by ${mib(most)} at most`;
};

const line = (fault, expected, make, ...args) => ({
  fault,
  expected,
  run: make(ours, ...args),
  control: { what: 'by hand on `ws`', waitsMs: 3_000, run: make(byHand, ...args) },
});

export const lines = [
  {
    ...line('64 MiB of pings, whose pongs are not read', 'at most 2 MiB of pongs wait', pings),
    control: { what: 'by hand on `ws`, without its limit', run: pings(unlimited) },
  },
  line(
    '300 pings in one packet, from a peer that reads',
    'the newest is answered, the connection goes on',
    pingsAtOnce,
  ),
  ...['', 'x'].map((payload) => ({
    ...line(
      `messages of ${payload.length} bytes without end, not read`,
      'reading stops before 200,000',
      unread,
      payload,
    ),
    control: { what: 'a server that reads them', run: unread(reading, payload) },
  })),
  {
    ...line(
      `a message in ${FRAGMENTS.toLocaleString('en')} parts of a byte, on many connections`,
      'each arrives whole; at most 2.5 MiB are held for each; a bystander is served',
      fragments,
      2_560,
    ),
    control: { what: 'a bound of 100 KiB', waitsMs: 30_000, run: fragments(ours, 100) },
  },
  line('deflate bombs, each in a frame', '1009; memory grows by 64 MiB at most', bombs, false),
  line('deflate bombs, each in two frames', '1009; memory grows by 64 MiB at most', bombs, true),
  line('a deflate bomb from a server', '1009; memory grows by 64 MiB at most', bombToClient),
];
