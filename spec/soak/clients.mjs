// The clients of the soak: many that stay and ask for an echo now and then, and others that come and go.
import * as ours from 'rxjs-ws';
import { seeded } from '../faults/random.mjs';
import { answer } from './answer.mjs';

const [port, seed] = process.argv.slice(2).map(Number);
const random = seeded(seed);
const url = (path) => `ws://127.0.0.1:${port}/${path}`;
/** The server's answer of an idle connection is no end. */
const PATIENCE_MS = 20_000;

const stayers = [];
const seen = { echoes: 0, late: 0, dropped: [], comeAndGone: 0, failed: [], slowestMs: 0 };
const timers = [];
let isOver = false;

function stay(connection, everyMs) {
  let asked;
  let number = 0;
  connection.messages.subscribe((message) => {
    if (message !== String(number)) seen.failed.push(`${message} came and not ${number}`);
    seen.slowestMs = Math.max(seen.slowestMs, performance.now() - asked);
    seen.echoes++;
    asked = undefined;
    number++;
  });
  connection.closed.subscribe((close) => isOver || seen.dropped.push(close));
  const ask = () => {
    if (isOver) return;
    if (asked === undefined) {
      asked = performance.now();
      connection.send(String(number));
    } else if (performance.now() - asked > PATIENCE_MS) seen.late++;
  };
  // Not all at the same moment.
  timers.push(setTimeout(() => (ask(), timers.push(setInterval(ask, everyMs))), random.next() * everyMs));
  stayers.push(connection);
}

/** Opens `count`, at most `atOnce` at a time. */
async function open(count, atOnce, use) {
  let left = count;
  const one = async () => {
    while (left-- > 0) await use();
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

const ended = (connection) => new Promise((done) => connection.closed.subscribe(done));

/** One that comes, says something, and goes: it closes, is closed, or dies without a word. */
async function comeAndGo() {
  const how = random.pick(['closes', 'dies', 'is-closed']);
  try {
    const connection = await ours.dial(url(how));
    const end = ended(connection);
    connection.messages.subscribe(() => {});
    connection.send('hello');
    await new Promise((done) => setTimeout(done, random.below(200)));
    if (how === 'closes') connection.close();
    if (how === 'dies') connection.terminate();
    await end;
    seen.comeAndGone++;
  } catch (error) {
    seen.failed.push(`${how}: ${error.message}`);
  }
}

/** Opened, and closed at once, both ends. */
async function cycle() {
  const connection = await ours.dial(url('cycle'));
  const end = ended(connection);
  connection.close();
  const { wasClean } = await end;
  if (!wasClean) seen.failed.push('a cycle did not end cleanly');
}

answer(
  {},
  {
    /** `count` that stay. */
    open: (count, everyMs) => open(count, 50, async () => stay(await ours.dial(url('stays')), everyMs)),
    /** Others come and go from now on, `perSecond`. */
    churn: (perSecond) => void timers.push(setInterval(() => !isOver && void comeAndGo(), 1_000 / perSecond)),
    cycles: (count) => open(count, 20, cycle),
    seen: () => ({
      ...seen,
      dropped: seen.dropped.length,
      drops: seen.dropped.slice(0, 5),
      failed: seen.failed.length,
      failures: seen.failed.slice(0, 5),
      open: stayers.filter(({ state }) => state === 'open').length,
    }),
    /** The churn stops, then the stayers are closed. */
    over: async () => {
      isOver = true;
      timers.forEach((timer) => clearTimeout(timer));
      await new Promise((done) => setTimeout(done, 1_000));
      await Promise.all(
        stayers.map((connection) => {
          const end = ended(connection);
          connection.close();
          return end;
        }),
      );
      stayers.length = timers.length = 0;
    },
  },
);
