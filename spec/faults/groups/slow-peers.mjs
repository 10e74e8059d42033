// Peers that read slowly or not at all, that are gone without a word, or that never answer a close.
import { createServer } from 'node:http';
import { once } from 'node:events';
import * as ours from 'rxjs-ws';
import { concat, from, ignoreElements, NEVER, Observable, of, takeUntil, timer } from 'rxjs';
import * as byHand from '../byHand.mjs';
import { openingServer, Peer } from '../Peer.mjs';
import { serve, watched } from '../serve.mjs';
import { sleep } from '../until.mjs';
import { FrameReader, text } from '../wire.mjs';

const KIB = 1_024;
const MIB = KIB * KIB;

/** A borrowed server, whose sockets can be looked at: what was read of them, and what the system took of their answers. */
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
  const moved = () => {
    const [{ bytesRead, bytesWritten, writableLength }] = sockets;
    return { read: bytesRead, written: bytesWritten - writableLength };
  };
  return { port: server.address().port, seen, moved };
}

/** A peer that has opened a connection and reads nothing of what comes. */
async function silent(attempt, port) {
  const peer = await Peer.opened(port);
  attempt.after(() => peer.destroy());
  peer.socket.pause();
  return peer;
}

/** Writes `total` bytes of messages of 1 KiB, as fast as they are taken; stops with the attempt. */
async function stuff(attempt, peer, total) {
  const block = Buffer.concat(Array.from({ length: 64 }, () => text('x'.repeat(KIB), { masked: true })));
  let isOver = false;
  attempt.after(() => (isOver = true));
  await peer.pour(block, total, { isOver: () => isOver });
}

const echoUnread = (lib) => async (attempt) => {
  const { port, moved } = await looked(lib, attempt, ({ messages }) => messages);
  const peer = await silent(attempt, port);
  void stuff(attempt, peer, 120 * MIB);
  let held = 0;
  for (let still = 0, last = -1; still < 20;) {
    await sleep(25);
    const { read, written } = moved();
    held = Math.max(held, (read / (KIB + 8) - written / (KIB + 4)) * KIB);
    still = read === last ? still + 1 : 0;
    last = read;
  }
  attempt.check(held < MIB / 2, `${Math.round(held / KIB)} KiB are held`);
  attempt.note = `${Math.round(held / KIB)} KiB are held`;
};

const pushUnread = (lib) => async (attempt) => {
  let most = 0;
  const flood = (connection) =>
    new Observable((subscriber) => {
      const message = 'x'.repeat(KIB);
      let pushed = 0;
      const push = () => {
        for (let i = 0; i < 64 && !subscriber.closed; i++, pushed += KIB) subscriber.next(message);
        most = Math.max(most, connection.bufferedBytes);
        if (pushed < 50 * MIB && !subscriber.closed) setImmediate(push);
      };
      push();
    });
  const { port, seen } = await serve(lib, attempt, flood);
  await silent(attempt, port);
  await attempt.sees(() => seen.closes.length > 0, 'the end', 15_000);
  const [{ code, by, wasClean } = {}] = seen.closes;
  attempt.same({ code, by, wasClean }, { code: 1013, by: 'local', wasClean: false }, 'the end');
  attempt.check(most < 1.2 * MIB, `${Math.round(most / KIB)} KiB were held`);
  attempt.note = `closed with 1013, ${Math.round(most / KIB)} KiB were held`;
};

/** Reads a little, and a little later a little more. */
const trickle = (lib) => async (attempt) => {
  const count = 4_000;
  const { port, seen } = await serve(lib, attempt, ({ messages }) => messages, { stalledTimeoutMs: 10_000 });
  const peer = await silent(attempt, port);
  const reader = new FrameReader();
  const numbers = [];
  peer.socket.on('data', (piece) => {
    numbers.push(...reader.push(piece).map(({ payload }) => Number(payload.toString().slice(0, 8))));
    peer.socket.pause();
  });
  const timer = setInterval(() => peer.socket.resume(), 1);
  attempt.after(() => clearInterval(timer));
  for (let i = 0; i < count; i++)
    peer.write(text(String(i).padStart(8, '0') + 'x'.repeat(KIB), { masked: true }));
  await attempt.sees(() => numbers.length === count, 'every echo', 30_000);
  attempt.check(
    numbers.every((number, i) => number === i),
    'the echoes are out of order',
  );
  attempt.same(seen.closes.length, 0, 'ends');
};

/** By hand nothing arrives out of order either: there the check is shown a peer that is not read at all. */
const tricklePaused = () => trickle({ ...byHand, handle: () => byHand.handle(() => NEVER) });

/** More than the system takes for a peer that does not read. */
const many = Array(200).fill('x'.repeat(100 * KIB));

const stalled = (lib, stalledTimeoutMs) => async (attempt) => {
  const { port, seen } = await serve(lib, attempt, () => concat(from(many), NEVER), {
    stalledTimeoutMs,
    maxQueuedBytes: 100 * MIB,
  });
  await silent(attempt, port);
  await attempt.sees(() => seen.closes.length > 0, 'the end', 10_000);
  attempt.same(seen.closes[0]?.code, 1013, 'close code');
};

/** One message, all of it inside the socket, and nothing behind it. */
const stalledInOne = (stalledTimeoutMs) => async (attempt) => {
  const { port, seen } = await serve(ours, attempt, () => concat(of('x'.repeat(20 * MIB)), NEVER), {
    stalledTimeoutMs,
    keepAlive: false,
  });
  await silent(attempt, port);
  await attempt.sees(() => seen.closes.length > 0, 'the end', 10_000);
  attempt.same(seen.closes[0]?.code, 1013, 'close code');
};

/** A large message takes a slow reader longer than every limit: it reads, and so it is not cut. */
const largeAndSlow = (isRead) => async (attempt) => {
  const project = () => concat(of('x'.repeat(20 * MIB), 'behind it'), NEVER);
  const { port, seen } = await serve(ours, attempt, project, {
    stalledTimeoutMs: 1_000,
    keepAlive: { intervalMs: 1_000, timeoutMs: 1_000 },
    maxQueuedBytes: 100 * MIB,
  });
  const peer = await silent(attempt, port);
  peer.socket.on('data', () => peer.socket.pause());
  const timer = setInterval(() => isRead && peer.socket.resume(), 10);
  attempt.after(() => clearInterval(timer));
  await sleep(3_000);
  attempt.same(seen.closes.length, 0, 'ends');
  attempt.check(peer.bytes < 20 * MIB, 'it was not slow');
  clearInterval(timer);
  peer.socket.removeAllListeners('data');
  let last = Buffer.alloc(0);
  peer.socket.on('data', (piece) => (last = Buffer.concat([last, piece]).subarray(-9)));
  peer.socket.resume();
  await attempt.sees(() => last.toString() === 'behind it', 'what is behind it', 20_000);
};

const stalledServer = (stalledTimeoutMs) => async (attempt) => {
  const { url, stop } = await openingServer((peer) => peer.socket.pause());
  attempt.after(stop);
  const connection = await ours.dial({ url, stalledTimeoutMs, maxQueuedBytes: 100 * MIB });
  attempt.after(() => connection.terminate());
  const { closes } = watched(connection);
  for (const message of many) connection.send(message);
  await attempt.sees(() => closes.length > 0, 'the end', 10_000);
  attempt.same(closes[0].code, 1013, 'close code');
};

const ALIVE = { intervalMs: 300, timeoutMs: 300 };

/** A peer that takes what is sent to it and says nothing: to this end, one that is gone without a word. */
const gone = (keepAlive, project) => async (attempt) => {
  const { port, seen } = await serve(ours, attempt, project, { keepAlive });
  const peer = await silent(attempt, port);
  await attempt.sees(() => seen.ended.length > 0, 'the end', 6_000);
  attempt.same(seen.closes[0]?.wasClean, false, 'wasClean');
  attempt.check(peer.frames.length === 0, 'it has answered');
};

const goneServer = (keepAlive) => async (attempt) => {
  const { url, stop } = await openingServer();
  attempt.after(stop);
  let over;
  const subscription = ours
    .connect({ url, keepAlive })
    .subscribe({ error: (error) => (over = error), complete: () => (over = 'complete') });
  attempt.after(() => subscription.unsubscribe());
  await attempt.sees(() => over !== undefined, 'the end', 6_000);
  attempt.same(over.code, 'CONNECTION_CLOSED', 'the error');
};

/** A peer that is not read for long is not killed for that, and its real death is found all the same. */
const unread = (isHeld) => async (attempt) => {
  let hold;
  const project = (connection) => {
    if (isHeld) hold = connection.hold();
    return connection.messages.pipe(ignoreElements());
  };
  const { port, seen } = await serve(ours, attempt, project, { keepAlive: ALIVE });
  const peer = await Peer.opened(port);
  attempt.after(() => peer.destroy());
  void stuff(attempt, peer, 4 * MIB);
  await sleep(2_000);
  attempt.same(seen.ended.length, 0, 'ends');
  peer.reset();
  await attempt.sees(() => seen.ended.length > 0, 'the end', 6_000);
  hold?.unsubscribe();
};

/** The close of this end is never answered. */
const unanswered = (closeTimeoutMs, talks) => async (attempt) => {
  const { port, seen } = await serve(ours, attempt, () => of('bye'), { closeTimeoutMs });
  const peer = await Peer.opened(port);
  attempt.after(() => peer.destroy());
  if (talks) {
    const timer = setInterval(() => peer.socket.writable && peer.write(text('and', { masked: true })), 10);
    attempt.after(() => clearInterval(timer));
  }
  await attempt.sees(() => peer.closeCode === 1000, 'a close frame');
  await attempt.sees(() => peer.closed || peer.ended, 'the end of the socket', 6_000);
  await attempt.sees(() => seen.ended.length > 0, 'the end', 6_000);
  const [{ close: { code, by, wasClean } = {} } = {}] = seen.ended;
  attempt.same({ code, by, wasClean }, { code: 1000, by: 'local', wasClean: false }, 'the end');
};

const unansweredByServer = (closeTimeoutMs) => async (attempt) => {
  const { url, peers, stop } = await openingServer();
  attempt.after(stop);
  let over = false;
  const subscription = ours
    .connect({ url, closeTimeoutMs })
    .pipe(takeUntil(timer(50)))
    .subscribe({ complete: () => (over = true) });
  attempt.after(() => subscription.unsubscribe());
  await attempt.sees(() => over, 'the unsubscription');
  await attempt.sees(() => peers[0].closeCode === 1000, 'a close frame');
  await attempt.sees(() => peers[0].closed || peers[0].ended, 'the end of the socket', 6_000);
};

const line = (fault, expected, run, what, control, more) => ({
  fault,
  expected,
  run,
  control: { what, run: control, waitsMs: 1_500 },
  ...more,
});
const byItself = 'by hand on `ws`';
const noLimit = 'without the limit';

export const lines = [
  line(
    'a peer reads nothing of an echo of 120 MiB',
    'at most 512 KiB are held',
    echoUnread(ours),
    byItself,
    echoUnread(byHand),
  ),
  line(
    'a peer reads nothing of a push of 50 MiB',
    'closed with 1013; at most 1.2 MiB are held',
    pushUnread(ours),
    byItself,
    pushUnread(byHand),
  ),
  line(
    'a peer reads 4 MiB in trickles',
    'every echo, in order',
    trickle(ours),
    'a server that does not answer',
    tricklePaused(),
  ),
  line(
    'a client takes nothing any more, while something waits for it',
    'closed with 1013 after `stalledTimeoutMs`',
    stalled(ours, 500),
    noLimit,
    stalled(ours, Infinity),
  ),
  line(
    'a client takes nothing of one large message, with nothing behind it',
    'closed with 1013 after `stalledTimeoutMs`',
    stalledInOne(500),
    noLimit,
    stalledInOne(Infinity),
  ),
  line(
    'a client reads a large message for longer than every limit, and something waits behind it',
    'not closed; all arrives',
    largeAndSlow(true),
    'one that reads nothing of it',
    largeAndSlow(false),
  ),
  line(
    'a server takes nothing any more, while something waits for it',
    'closed with 1013 after `stalledTimeoutMs`',
    stalledServer(500),
    noLimit,
    stalledServer(Infinity),
  ),
  line(
    'a client is gone without a word, idle',
    'lost, within both times of the keep-alive',
    gone(ALIVE, () => NEVER),
    noLimit,
    gone(false, () => NEVER),
  ),
  line(
    'a client is gone without a word, its reading held',
    'lost, within both times of the keep-alive',
    gone(ALIVE, (connection) => (connection.hold(), NEVER)),
    noLimit,
    gone(false, () => NEVER),
  ),
  line(
    'a server is gone without a word',
    'errors, within both times of the keep-alive',
    goneServer(ALIVE),
    noLimit,
    goneServer(false),
  ),
  line(
    'a client that is not read for long, and then reset',
    'not closed before, lost then',
    unread(true),
    'one that is read, and answers no ping',
    unread(false),
  ),
  line(
    'a client never answers the close',
    'cut after `closeTimeoutMs`, told once',
    unanswered(300),
    noLimit,
    unanswered(Infinity),
  ),
  line(
    'a client goes on sending, and never answers the close',
    'cut after `closeTimeoutMs`, told once',
    unanswered(300, true),
    noLimit,
    unanswered(Infinity, true),
  ),
  line(
    'a server never answers the close',
    'cut after `closeTimeoutMs`',
    unansweredByServer(300),
    noLimit,
    unansweredByServer(Infinity),
  ),
];
