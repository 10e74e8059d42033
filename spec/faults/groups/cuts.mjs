// RST and FIN at every state of either end: the end is told once, what it was is said, and nothing is left.
import * as ours from 'rxjs-ws';
import { filter, NEVER, Observable, of } from 'rxjs';
import { Peer, rawServer, request, switching } from '../Peer.mjs';
import { until } from '../until.mjs';
import { close, text } from '../wire.mjs';

const MIB = 1_048_576;
const LONG = 'x'.repeat(MIB);
const REQUEST = request({}, { target: '/to-be-cut' });
const BYSTANDER = '/bystander';

const cuts = {
  RST: (peer) => peer.reset(),
  FIN: (peer) => peer.end(),
  'nobody cuts': () => {},
};

/** More than the system takes for a peer that does not read. */
const flood = () =>
  new Observable((subscriber) => {
    for (let i = 0; i < 8; i++) subscriber.next(LONG.slice(0, 100_000));
  });

const lost = { code: 1006, by: 'network', wasClean: false };

/** Each brings a connection into a state: how the server answers, what the peer does, how the end should be told. */
const serverStates = {
  'nothing was sent': { bytes: '' },
  'half a request was sent': { bytes: REQUEST.slice(0, 50) },
  'the decision is pending': { pending: true },
  'open, idle': { end: lost },
  'within a frame': { says: text('x'.repeat(100), { masked: true }).subarray(0, 20), end: lost },
  'within a message in parts': { says: text('x', { fin: false, masked: true }), end: lost },
  'the answers are not read': { project: flood, deaf: true, end: lost },
  'reading is held': { project: (connection) => (connection.hold(), NEVER), end: lost },
  'our close frame has not been answered': {
    project: () => of('bye'),
    end: { code: 1000, by: 'local', wasClean: false },
    sees: (peer) => peer.closeCode === 1000,
  },
  'the server drains': {
    project: () => NEVER,
    drains: true,
    end: lost,
  },
  'its close frame was sent': { says: close(1000, '', { masked: true }), anyEnd: true },
};

const judge = (attempt, closes, { end, anyEnd }) => {
  attempt.same(closes.length, 1, 'ends');
  const [{ code, by, wasClean } = {}] = closes;
  if (!anyEnd) attempt.same({ code, by, wasClean }, end, 'the end');
};

const atServer = (state, cut) => async (attempt) => {
  const { project = () => NEVER, pending, says, sees, deaf, drains, bytes = REQUEST } = serverStates[state];
  const isOpen = bytes === REQUEST && !pending;
  let port;
  let drain;
  let decisions = 0;
  const seen = { connections: 0, closes: [], ended: [], errors: [] };
  const subscription = ours
    .listen({
      host: '127.0.0.1',
      closeWhen: new Promise((done) => (drain = done)),
      closeTimeoutMs: 20_000,
      handshakeTimeoutMs: 20_000,
      stalledTimeoutMs: 20_000,
      listening: (address) => (port = address.port),
      onError: (error) => seen.errors.push(error),
      shouldUpgrade: ({ path }) =>
        pending && path !== BYSTANDER
          ? new Observable(() => {
              decisions++;
              return () => decisions--;
            })
          : true,
    })
    .pipe(
      ours.handle((connection) => {
        if (connection.handshake.path === BYSTANDER) return NEVER;
        seen.connections++;
        connection.closed.subscribe((close) => seen.closes.push(close));
        return project(connection);
      }),
      filter(({ connection }) => connection.handshake.path !== BYSTANDER),
    )
    .subscribe((ended) => seen.ended.push(ended));
  attempt.after(() => subscription.unsubscribe());
  await until(() => port !== undefined, 'a port');
  const bystander = await Peer.opened(port, request({}, { target: BYSTANDER }));
  attempt.after(() => bystander.destroy());
  const peer = Peer.to(port, bytes);
  attempt.after(() => peer.destroy());
  if (deaf) peer.socket.pause();
  if (pending) await attempt.sees(() => decisions === 1, 'the question');
  if (isOpen) await attempt.sees(() => seen.connections === 1, 'the connection');
  if (says) peer.write(says);
  if (sees) await attempt.sees(() => sees(peer), 'the state');
  if (drains) drain();
  await new Promise((done) => setTimeout(done, 20));
  if (deaf && cut === 'FIN') peer.socket.resume();
  cuts[cut](peer);
  if (isOpen) {
    await attempt.sees(() => seen.ended.length > 0, 'the end');
    await attempt.sees(() => peer.closed || peer.ended, 'the end of the socket');
    judge(attempt, seen.closes, serverStates[state]);
    attempt.same(seen.ended.length, 1, 'conversations that ended');
  } else {
    if (pending) await attempt.sees(() => decisions === 0, 'the end of the question');
    await attempt.sees(() => peer.closed || peer.ended, 'the end of the socket');
    attempt.same(seen.connections, 0, 'connections');
  }
  attempt.same(seen.errors.length, 0, 'reports');
  attempt.check(drains || !bystander.closed, 'a bystander was closed');
};

const handshakeFailed = { error: 'HANDSHAKE' };
const connectionLost = { error: 'CONNECTION_CLOSED', end: lost };

/** What the server says behind the request, what the client does with its connection, and how it should end. */
const clientStates = {
  'no answer yet': { answer: () => '', ...handshakeFailed },
  'half an answer': { answer: (head) => switching(head).slice(0, 50), ...handshakeFailed },
  'open, idle': connectionLost,
  'within a frame': { says: text('x'.repeat(100)).subarray(0, 20), ...connectionLost },
  'within a message in parts': { says: text('x', { fin: false }), ...connectionLost },
  'what it sends is not read': {
    use: ({ send }) => [1, 2, 3].forEach(() => send(LONG.slice(0, 300_000))),
    deaf: true,
    ...connectionLost,
  },
  'reading is held': { use: ({ hold }) => hold(), ...connectionLost },
  'its close frame has not been answered': {
    use: ({ close }) => close(4000, 'enough'),
    sees: (peer) => peer.closeCode === 4000,
    error: 'CONNECTION_CLOSED',
    end: { code: 4000, by: 'local', wasClean: false },
  },
  'the close frame of the server was sent': { says: close(1000), anyEnd: true },
};

const atClient = (state, cut) => async (attempt) => {
  const { answer, says = '', use = () => {}, sees, deaf, error, anyEnd } = clientStates[state];
  const { url, peers, stop } = await rawServer(async (peer) => {
    await until(() => peer.hasHead || peer.closed, 'a request').catch(() => {});
    if (deaf) peer.socket.pause();
    const head = Buffer.from((answer ?? switching)(peer.head));
    peer.write(Buffer.concat([head, Buffer.from(says)]));
  });
  attempt.after(stop);
  const seen = { connections: 0, closes: [], over: undefined, completes: 0 };
  const subscription = ours.connect({ url, closeTimeoutMs: 20_000, handshakeTimeoutMs: 20_000 }).subscribe({
    next: (connection) => {
      seen.connections++;
      connection.closed.subscribe((end) => seen.closes.push(end));
      connection.messages.subscribe({ complete: () => seen.completes++ });
      use(connection);
    },
    error: (thrown) => (seen.over = thrown),
    complete: () => (seen.over = 'complete'),
  });
  attempt.after(() => subscription.unsubscribe());
  await attempt.sees(() => peers[0]?.hasHead, 'the request');
  if (answer === undefined && !anyEnd) await attempt.sees(() => seen.connections === 1, 'the connection');
  if (sees) await attempt.sees(() => sees(peers[0]), 'the state');
  await new Promise((done) => setTimeout(done, 20));
  if (deaf && cut === 'FIN') peers[0].socket.resume();
  cuts[cut](peers[0]);
  await attempt.sees(() => seen.over !== undefined, 'the end');
  if (!anyEnd) attempt.same(seen.over.code, error, 'the error');
  if (answer === undefined && !anyEnd) {
    judge(attempt, seen.closes, clientStates[state]);
    await attempt.sees(() => seen.completes === 1, 'the end of `messages`');
  }
  await attempt.sees(() => peers[0].closed || peers[0].ended, 'the end of the socket');
};

const both = (who, states, make) =>
  Object.keys(states).flatMap((state) =>
    ['RST', 'FIN'].map((cut) => ({
      fault: `${cut} to ${who}: ${state}`,
      expected: told(states[state]),
      run: make(state, cut),
      // Where a close frame was sent an end comes without a cut too.
      control: states[state].anyEnd
        ? { what: 'a state that does not come', run: make('open, idle', 'nobody cuts') }
        : { what: 'nobody cuts', run: make(state, 'nobody cuts') },
    })),
  );

const told = ({ end, error, anyEnd, pending }) => {
  if (anyEnd) return 'ended once';
  if (pending) return 'the decision is unsubscribed';
  const closed = end && `closed once, ${end.code} by ${end.by}`;
  return [closed ?? 'the socket goes', error && `errors with ${error}`].filter(Boolean).join(', ');
};

export const lines = [
  ...both('a server', serverStates, atServer),
  ...both('a client', clientStates, atClient),
];
