// A server that is told to go, with peers of all kinds: those that can be talked to are told 1001, the others are cut, and
// all are gone soon after `closeTimeoutMs`.
import * as ours from 'rxjs-ws';
import { merge, NEVER, Observable, Subject } from 'rxjs';
import { Peer, request } from '../Peer.mjs';
import { serve } from '../serve.mjs';
import { sleep } from '../until.mjs';
import { text } from '../wire.mjs';

/** What a busy machine may add to the time that is asked for: `closeTimeoutMs` and a second. */
const SLACK_MS = 3_000;
const CLOSE_MS = 1_000;

const flood = () =>
  new Observable((subscriber) => {
    for (let i = 0; i < 10; i++) subscriber.next('x'.repeat(100_000));
  });

/** How the server deals with a connection of this kind, and how its peer behaves; `told`: it hears 1001. */
const kinds = {
  idle: {
    project: ({ messages }) => messages,
    begin: (peer) => peer.answersClose({ masked: true }),
    told: true,
  },
  busy: {
    project: ({ messages }) => messages,
    begin: (peer, attempt) => {
      peer.answersClose({ masked: true });
      const timer = setInterval(() => peer.socket.writable && peer.write(text('and', { masked: true })), 20);
      attempt.after(() => clearInterval(timer));
    },
    told: true,
  },
  'never done': {
    project: ({ messages }) => merge(messages, NEVER),
    begin: (peer) => peer.answersClose({ masked: true }),
    told: true,
  },
  held: {
    project: (connection) => (connection.hold(), connection.messages),
    begin: (peer) => {
      peer.answersClose({ masked: true });
      peer.write(text('never read', { masked: true }));
    },
    told: true,
  },
  stalled: { project: flood, begin: (peer) => peer.socket.pause() },
  'half-open': { project: ({ messages }) => messages, begin: () => {} },
};
const names = Object.keys(kinds);

const drained = (closeTimeoutMs) => async (attempt) => {
  const count = attempt.ci ? 240 : 1_000;
  const told = new Subject();
  const { port, seen } = await serve(
    ours,
    attempt,
    (connection) => kinds[decodeURI(connection.handshake.path.slice(1))].project(connection),
    {
      closeWhen: told,
      closeTimeoutMs,
      finishTimeoutMs: 500,
      stalledTimeoutMs: 60_000,
      unreadTimeoutMs: 60_000,
      shouldUpgrade: ({ path }) => (path === '/undecided' ? new Promise(() => {}) : true),
    },
  );
  const peers = [];
  attempt.after(() => peers.forEach(({ peer }) => peer.destroy()));
  for (let i = 0; i < count; i++) {
    const name = names[i % names.length];
    const peer = await Peer.opened(port, request({}, { target: `/${encodeURI(name)}` }));
    kinds[name].begin(peer, attempt);
    peers.push({ name, peer });
  }
  const undecided = Peer.to(port, request({}, { target: '/undecided' }));
  const early = Peer.to(port);
  attempt.after(() => [undecided, early].forEach((peer) => peer.destroy()));
  await sleep(200);
  const startedAt = performance.now();
  told.next();
  early.write(request({}, { target: '/idle' }));
  await attempt.sees(
    () => seen.over === 'complete',
    'the end of the server',
    2_000 + 2 * CLOSE_MS + SLACK_MS,
  );
  const ms = Math.round(performance.now() - startedAt);
  attempt.check(ms <= CLOSE_MS + 1_000 + SLACK_MS, `it took ${ms} ms`);
  attempt.same(seen.ended.length, count, 'conversations that ended');
  const untold = peers.filter(({ name, peer }) => kinds[name].told && peer.closeCode !== 1001);
  attempt.check(
    untold.length === 0,
    `${untold.length} were not told 1001: ${untold[0]?.name} got ${untold[0]?.peer.closeCode}`,
  );
  await attempt.sees(() => undecided.closed || undecided.ended, 'the end of what was undecided');
  attempt.same(undecided.status, 503, 'the status of what was undecided');
  attempt.same(early.status, 503, 'the status of who came too late');
  attempt.note = `${count} connections, gone after ${ms} ms`;
};

export const lines = [
  {
    fault: `a drain of connections that are ${names.join(', ')}`,
    expected:
      'those that read are told 1001; all are gone within `closeTimeoutMs` (here 1 s), a second, and what a busy machine adds',
    run: drained(CLOSE_MS),
    control: {
      what: 'without `closeTimeoutMs`',
      waitsMs: 2_000 + 2 * CLOSE_MS + SLACK_MS,
      run: drained(Infinity),
    },
  },
];
