// What a peer sends as soon as it can, to readers that come late.
import * as ours from 'rxjs-ws';
import { from, ignoreElements, merge, mergeMap, NEVER, tap } from 'rxjs';
import * as byHand from '../byHand.mjs';
import { openingServer, Peer, request } from '../Peer.mjs';
import { serve } from '../serve.mjs';
import { sleep, turn, until } from '../until.mjs';
import { text } from '../wire.mjs';

const COUNT = 64;
const wanted = Array.from({ length: COUNT }, (_, i) => String(i));

/** When the frames are sent, counted from the handshake; with it in one packet, where there is no wait. */
const sendings = {
  'with the handshake': undefined,
  'a turn later': turn,
  ...Object.fromEntries([1, 2, 5, 10, 20, 50].map((ms) => [`${ms} ms later`, () => sleep(ms)])),
};
/** When the reader comes, counted from the emission. */
const readings = {
  'at once': undefined,
  'a microtask later': () => Promise.resolve(),
  'a tick later': () => new Promise((done) => process.nextTick(done)),
  'a turn later': turn,
  ...Object.fromEntries([1, 2, 5, 10, 20, 50, 100].map((ms) => [`${ms} ms later`, () => sleep(ms)])),
};
const delays = Object.entries(sendings).flatMap(([sent, send]) =>
  Object.entries(readings).map(([read, wait]) => ({ what: `sent ${sent}, read ${read}`, send, wait })),
);

const frames = (masked) => Buffer.concat(wanted.map((number) => text(number, { masked })));

/** Subscribes to the messages after the wait. */
const late = (wait, read) => (wait === undefined ? read() : void wait().then(read));

async function judge(attempt, received, sending) {
  await Promise.all(sending);
  const isWhole = () => delays.every((_, i) => received[i]?.length >= COUNT);
  await until(isWhole, 'everything', 1_500).catch(() => {});
  const missing = delays.filter((_, i) => JSON.stringify(received[i]) !== JSON.stringify(wanted));
  attempt.check(
    missing.length === 0,
    `${missing.length} of ${delays.length} delays lose, double or reorder: ${missing[0]?.what}, ` +
      `${received[delays.indexOf(missing[0])]?.length ?? 0} of ${COUNT} came`,
  );
  attempt.note = `${delays.length} × ${COUNT} messages, each once and in order`;
}

const atServer = (lib, read) => async (attempt) => {
  const received = delays.map(() => []);
  const { port } = await serve(lib, attempt, (connection) => {
    const index = Number(connection.handshake.path.slice(1));
    return read(connection, delays[index].wait, (message) => received[index].push(String(message)));
  });
  const peers = [];
  attempt.after(() => peers.forEach((peer) => peer.destroy()));
  const sending = [];
  for (const [index, { send }] of delays.entries()) {
    const head = Buffer.from(request({}, { target: `/${index}` }));
    if (send === undefined) {
      peers.push(Peer.to(port, Buffer.concat([head, frames(true)])));
      await peers.at(-1).answered();
    } else {
      const peer = await Peer.opened(port, head);
      peers.push(peer);
      sending.push(send().then(() => peer.write(frames(true))));
    }
  }
  await judge(attempt, received, sending);
};

const subscribed = ({ messages }, wait, next) => {
  late(wait, () => messages.subscribe(next));
  return NEVER;
};
const answered = ({ text, binary }, wait, next) =>
  from(wait === undefined ? [0] : wait()).pipe(
    mergeMap(() => merge(text.pipe(tap(next)), binary)),
    ignoreElements(),
  );

const atClient = (open) => async (attempt) => {
  const received = delays.map(() => []);
  const ends = [];
  attempt.after(() => ends.forEach((end) => end()));
  const sending = delays.map(async ({ send, wait }, index) => {
    const behind = send === undefined ? frames(false) : '';
    const server = await openingServer((peer) => send?.().then(() => peer.write(frames(false))), behind);
    attempt.after(() => server.stop());
    const read = ({ messages, terminate }) => {
      ends.push(terminate);
      late(wait, () => messages.subscribe((message) => received[index].push(String(message))));
    };
    await open(server.url, read, (end) => ends.push(end));
  });
  await judge(attempt, received, sending);
};

const connected = (lib) => (url, read, after) => {
  const subscription = lib.connect(url).subscribe({ next: read, error: () => {} });
  after(() => subscription.unsubscribe());
};
const dialled = (lib) => async (url, read) => read(await lib.dial(url));

const expected = 'each message arrives once, in order';
const line = (fault, at) => ({
  fault,
  expected,
  run: at(ours),
  control: { what: 'by hand on `ws`', run: at(byHand) },
});

export const lines = [
  line('a server, its reader subscribed late', (lib) => atServer(lib, subscribed)),
  line('a server, two readers in its answer', (lib) => atServer(lib, answered)),
  line('a client by `connect`, its reader subscribed late', (lib) => atClient(connected(lib))),
  line('a client by `dial`, its reader subscribed late', (lib) => atClient(dialled(lib))),
];
