// Unsubscribing at every moment of a conversation, and inside every call: nothing is emitted any more, the peer is told
// where that is still possible, and its socket ends.
import * as ours from 'rxjs-ws';
import { map, mergeMap, tap } from 'rxjs';
import * as byHand from '../byHand.mjs';
import { Peer, rawServer, request, switching } from '../Peer.mjs';
import { sleep, turn, until } from '../until.mjs';
import { close, CONTINUATION, frame, text } from '../wire.mjs';

const turns = async (count) => {
  for (let i = 0; i < count; i++) await turn();
};

/** What a client does, as bytes, from its connection to its close. */
async function talk(peer, stays) {
  const bytes = Buffer.from(request());
  peer.write(bytes.subarray(0, 40));
  await turns(2);
  peer.write(bytes.subarray(40));
  await peer.answered({ withinMs: 1_000 }).catch(() => {});
  if (peer.status !== 101) return;
  peer.write(Buffer.concat([1, 2, 3].map((number) => text(`message ${number}`, { masked: true }))));
  await turns(2);
  peer.write(text('half a ', { fin: false, masked: true }));
  await turns(2);
  peer.write(frame(CONTINUATION, 'message', { masked: true }));
  await until(() => peer.texts.length === 4 || peer.ended || peer.closed, 'the echoes', 1_000).catch(
    () => {},
  );
  await turns(2);
  if (!stays && peer.socket.writable) peer.write(close(1000, '', { masked: true }));
}

/** What a server does, as bytes. */
async function serveTalk(peer, stays) {
  await until(() => peer.hasHead || peer.closed, 'a request').catch(() => {});
  if (!peer.hasHead) return;
  const bytes = Buffer.from(switching(peer.head));
  peer.write(bytes.subarray(0, 40));
  await turns(2);
  peer.write(Buffer.concat([bytes.subarray(40), text('first')]));
  await turns(2);
  peer.write(Buffer.concat([text('half a ', { fin: false }), frame(CONTINUATION, 'message')]));
  await until(() => peer.texts.length === 2 || peer.ended || peer.closed, 'the echoes', 1_000).catch(
    () => {},
  );
  await turns(2);
  if (!stays && peer.socket.writable) peer.write(close(1000));
}

/** Of one run: what was emitted behind the unsubscription, and by when it was. */
function observer() {
  const seen = { stopped: false, late: [], over: false };
  const note = (what) => () => {
    if (seen.stopped) seen.late.push(what);
    if (what !== 'next') seen.over = true;
  };
  return { seen, observer: { next: note('next'), error: note('error'), complete: note('complete') } };
}

/** One server and one client; `when` is what stops it: a wait, or a place that calls `stop` itself. */
async function atServer(lib, attempt, when) {
  const { seen, observer: told } = observer();
  let port;
  const at = (place) => when.place === place && stop();
  const subscription = lib
    .listen({
      host: '127.0.0.1',
      closeTimeoutMs: 1_000,
      listening: (address) => {
        port = address.port;
        at('`listening`');
      },
      shouldUpgrade: async () => {
        at('`shouldUpgrade`');
        await turns(3);
        return true;
      },
      codec: {
        encode: (value) => (at('`encode`'), value),
        decode: (data) => (at('`decode`'), data),
      },
    })
    .pipe(
      tap(() => at('the emission of the connection')),
      lib.handle(({ messages, closed }) => {
        at('the project');
        closed.subscribe(() => at('`closed`'));
        return messages.pipe(
          tap({ next: () => at('a message'), complete: () => at('the end of `messages`') }),
        );
      }),
      tap(() => at('the emission of the end')),
    )
    .subscribe(told);
  const stop = () => {
    seen.stopped = true;
    if (!when.isIdle) subscription.unsubscribe();
  };
  attempt.after(() => subscription.unsubscribe());
  let peer;
  const talking = until(() => port !== undefined || seen.stopped, 'a port').then(() => {
    if (port === undefined) return undefined;
    peer = Peer.to(port).answersClose({ masked: true });
    attempt.after(() => peer.destroy());
    return talk(peer, when.stays);
  });
  await when.wait?.(() => peer?.closed);
  if (!when.place) stop();
  await talking;
  await attempt.sees(() => seen.stopped, 'the place');
  await attempt.sees(
    () => peer === undefined || peer.closed || peer.ended,
    `the end of the socket, ${when.what}`,
  );
  const fair = [undefined, 1000, 1001];
  attempt.check(fair.includes(peer?.closeCode), `closed with ${peer?.closeCode}, ${when.what}`);
  attempt.check([undefined, 101, 503].includes(peer?.status), `status ${peer?.status}, ${when.what}`);
  attempt.same(seen.late, [], `emitted behind it, ${when.what}`);
  if (port === undefined) return;
  const next = Peer.to(port);
  attempt.after(() => next.destroy());
  await attempt.sees(() => next.closed, `the refusal of another client, ${when.what}`);
}

async function atClient(lib, attempt, when) {
  const { seen, observer: told } = observer();
  const server = await rawServer((peer) => void serveTalk(peer.answersClose(), when.stays));
  attempt.after(server.stop);
  const at = (place) => when.place === place && stop();
  const subscription = lib
    .connect({
      url: server.url,
      closeTimeoutMs: 1_000,
      codec: {
        encode: (value) => (at('`encode`'), value),
        decode: (data) => (at('`decode`'), data),
      },
    })
    .pipe(
      tap(() => at('the emission of the connection')),
      mergeMap(({ messages, send, closed }) => {
        closed.subscribe(() => at('`closed`'));
        return messages.pipe(
          tap({
            next: (message) => (at('a message'), send(message)),
            complete: () => at('the end of `messages`'),
          }),
        );
      }),
      map(String),
    )
    .subscribe(told);
  const stop = () => {
    seen.stopped = true;
    if (!when.isIdle) subscription.unsubscribe();
  };
  attempt.after(() => subscription.unsubscribe());
  await when.wait?.(() => seen.over);
  if (!when.place) stop();
  await attempt.sees(() => seen.stopped, 'the place');
  await attempt.sees(
    () => server.peers.every((peer) => peer.closed || peer.ended),
    `the end of the socket, ${when.what}`,
  );
  for (const { closeCode } of server.peers)
    attempt.check([undefined, 1000].includes(closeCode), `closed with ${closeCode}, ${when.what}`);
  attempt.same(seen.late, [], `emitted behind it, ${when.what}`);
}

/** In each turn, and behind a tick and a microtask of it. */
const phases = [() => {}, () => Promise.resolve(), () => new Promise((done) => process.nextTick(done))];

const everyTurn = (lib, at) => async (attempt) => {
  let last = 0;
  const count = async (isOver) => {
    for (; !isOver() && last < 400; last++) await turn();
  };
  await at(lib, attempt, { what: 'at the end', wait: count });
  // Turns are counted again for each, and no two runs are the same: some more, and some time.
  const moments = last + 20;
  const all = attempt.ci ? phases.slice(0, 1) : phases;
  let runs = 0;
  for (const phase of all) {
    for (let after = 0; after < moments; after++, runs++) {
      const wait = async () => {
        await turns(after);
        await phase();
      };
      await at(lib, attempt, { what: `after ${after} turns`, wait });
    }
  }
  for (let ms = 0; ms < 20; ms++, runs++)
    await at(lib, attempt, { what: `after ${ms} ms`, wait: () => sleep(ms) });
  attempt.note = `${runs} moments`;
};

const turnsOf = (fault, expected, at) => ({
  fault,
  expected,
  run: everyTurn(ours, at),
  control: { what: 'by hand on `ws`', run: everyTurn(byHand, at) },
});
/** The peer closes only where the place is behind that. */
const inside = (who, place, expected, at, { stays = true } = {}) => {
  const when = { place, stays, what: `in ${place}` };
  return {
    fault: `${who} is unsubscribed, in ${place}`,
    expected,
    run: (attempt) => at(ours, attempt, when),
    control: {
      what: 'an unsubscription that does nothing',
      run: (attempt) => at(ours, attempt, { ...when, isIdle: true }),
    },
  };
};

const early = ['the emission of the connection', '`decode`', 'a message', '`encode`'];
const late = ['`closed`', 'the end of `messages`'];
const behind = { stays: false };
const told = 'the peer is told 1001 or refused with 503, its socket ends, nothing more is emitted';
const toldByClient = 'the peer is told 1000 or the dialling stops, nothing more is emitted';

export const lines = [
  turnsOf('a server is unsubscribed, after every turn', told, atServer),
  ...['`listening`', '`shouldUpgrade`', 'the project', ...early].map((place) =>
    inside('a server', place, told, atServer),
  ),
  ...[...late, 'the emission of the end'].map((place) => inside('a server', place, told, atServer, behind)),
  turnsOf('a client is unsubscribed, after every turn', toldByClient, atClient),
  ...early.map((place) => inside('a client', place, toldByClient, atClient)),
  ...late.map((place) => inside('a client', place, toldByClient, atClient, behind)),
];
