// Numbered messages on many connections through a proxy that delays, tears, cuts and swallows. Each number is echoed, and
// so confirmed. On connections that survive nothing is lost, doubled or reordered; on those that are cut what was sent is
// what was confirmed and what failed, and both ends agree about it.
import * as ours from 'rxjs-ws';
import { tap } from 'rxjs';
import { startProxy } from '../Proxy.mjs';
import { serve } from '../serve.mjs';
import { sleep } from '../until.mjs';
import { frame } from '../wire.mjs';

const CONNECTIONS = 100;
/** What the proxy does to the connections, and to how many of them. */
const plans = (random, bytes) => {
  const somewhere = () => 200 + random.below(bytes);
  const limit = () => (random.next() < 0.5 ? { limitUp: somewhere() } : { limitDown: somewhere() });
  const wait = (most) => () => (random.next() < 0.1 ? sleep(random.below(most)) : undefined);
  const torn = () => {
    let left = 4_000;
    return () => (left-- > 0 ? 1 : 1 + random.below(2_000));
  };
  return [
    [20, () => ({ name: 'latency', delay: wait(20) })],
    [15, () => ({ name: 'single bytes', tear: torn() })],
    [10, () => ({ name: 'stutter', delay: () => (random.next() < 0.02 ? sleep(200) : undefined) })],
    [5, () => ({ name: 'nothing' })],
    [20, () => ({ name: 'cut by RST', cut: 'rst', ...limit() })],
    [15, () => ({ name: 'cut by FIN', cut: 'fin', ...limit() })],
    [15, () => ({ name: 'blackhole', cut: 'blackhole', ...limit(), delay: wait(5) })],
  ].flatMap(([count, plan]) => Array.from({ length: count }, plan));
};

const padded = (number) => String(number).padEnd(8 + (number % 57), '.');

/** Sends numbers while it may, and keeps the book of them: each is sent, then confirmed or failed. */
function bookOf(attempt, connection, name, count, { trusting }) {
  const book = { sent: 0, confirmed: 0, failed: 0, dropped: 0, end: undefined };
  let isWritable = false;
  let isSending = false;
  let echoes = 0;
  const pump = () => {
    if (isSending) return;
    isSending = true;
    while (isWritable && book.sent < count && connection.state === 'open') {
      if (!connection.send(padded(book.sent))) break;
      book.sent++;
      // The control: a book that takes for confirmed whatever was sent.
      if (trusting) book.confirmed++;
    }
    isSending = false;
  };
  connection.dropped.subscribe(({ count: more }) => (book.dropped += more));
  connection.messages.subscribe((message) => {
    if (++echoes === count) connection.close();
    if (trusting) return;
    const wanted = padded(book.confirmed);
    attempt.check(message === wanted, `${name}: ${message} came and not ${wanted}`);
    attempt.check(book.end === undefined || book.end.wasClean, `${name}: ${message} came after the end`);
    book.confirmed++;
  });
  connection.writable.subscribe((state) => {
    isWritable = state;
    if (state) pump();
  });
  connection.closed.subscribe((end) => {
    book.end = end;
    // What was on its way when it was lost: nobody will confirm it any more.
    book.failed = book.sent - book.confirmed;
  });
  return book;
}

const numbered =
  (total, change = {}) =>
  async (attempt) => {
    const count = total(attempt) / CONNECTIONS;
    const all = plans(attempt.random, count * 30);
    const received = Array.from({ length: CONNECTIONS }, () => 0);
    const { port, seen } = await serve(
      ours,
      attempt,
      ({ messages, handshake }) => {
        const index = Number(handshake.path.slice(1));
        return messages.pipe(
          tap((message) => {
            attempt.check(
              message === padded(received[index]),
              `${index}: the server got ${message} and not ${received[index]}`,
            );
            received[index]++;
          }),
        );
      },
      { keepAlive: { intervalMs: 1_000, timeoutMs: 1_000 } },
    );
    let tampered = 0;
    const proxy = await startProxy(port, (index) => {
      const plan = all[index];
      return index === 3 && change.tamper
        ? {
            ...plan,
            tamperDown: (frames) => Buffer.concat(change.tamper(frames, () => tampered++ === 0).map(again)),
          }
        : plan;
    });
    attempt.after(proxy.stop);
    const books = [];
    for (let index = 0; index < CONNECTIONS; index++) {
      // One after the other: the plans are by the order of arrival.
      const book = await ours
        .dial({
          url: `ws://127.0.0.1:${proxy.port}/${index}`,
          keepAlive: { intervalMs: 1_000, timeoutMs: 1_000 },
        })
        .then((connection) => bookOf(attempt, connection, `${index}, ${all[index].name}`, count, change))
        .catch((error) => ({ end: error, sent: 0, confirmed: 0, failed: 0, dropped: 0 }));
      books.push(book);
    }
    await attempt.sees(() => books.every(({ end }) => end !== undefined), 'every end', 200_000);

    let cuts = 0;
    for (const [index, { sent, confirmed, failed, dropped, end }] of books.entries()) {
      const { name, cut } = all[index];
      const what = `${index}, ${name}`;
      const { isCut, ways } = proxy.connections[index];
      attempt.same(sent, confirmed + failed, `${what}: confirmed and failed`);
      // What is confirmed was received, what was received was sent, and what was dropped was not.
      attempt.check(
        confirmed <= received[index],
        `${what}: ${confirmed} confirmed, ${received[index]} received`,
      );
      attempt.check(
        received[index] <= ways[0].frames && ways[0].frames <= sent - dropped,
        `${what}: ${received[index]} received, ${ways[0].frames} went through, ${sent} sent, ${dropped} dropped`,
      );
      if (cut === undefined) {
        attempt.same(
          [confirmed, received[index], dropped],
          [count, count, 0],
          `${what}: confirmed, received, dropped`,
        );
        attempt.same(end.wasClean, true, `${what}: wasClean`);
      } else if (isCut) {
        cuts++;
        attempt.check(!end.wasClean, `${what}: it ended as if nothing had been`);
      }
    }
    attempt.check(change.trusting || cuts > 20, `only ${cuts} were cut`);
    const sum = (key) => books.reduce((all, book) => all + book[key], 0).toLocaleString('en');
    attempt.note = `${sum('sent')} sent, ${sum('confirmed')} confirmed, ${sum('failed')} failed on ${cuts} that were cut`;
    // Of what was swallowed the server hears by its keep-alive only.
    await attempt.sees(
      () => seen.closes.length === seen.connections.length,
      'the ends at the server',
      20_000,
    );
  };

const again = ({ opcode, payload }) => frame(opcode, payload);
const tampers = {
  loses: (frames, isFirst) => (frames.length > 1 && isFirst() ? frames.slice(1) : frames),
  doubles: (frames, isFirst) => (frames.length > 0 && isFirst() ? [frames[0], ...frames] : frames),
  swaps: (frames, isFirst) =>
    frames.length > 1 && isFirst() ? [frames[1], frames[0], ...frames.slice(2)] : frames,
};

const whole = ({ ci, isControl }) => (isControl ? 20_000 : ci ? 100_000 : 1_000_000);
const few = () => 20_000;
const line = (fault, expected, total, what, change) => ({
  fault,
  expected,
  withinMs: 250_000,
  mostKib: 16_384,
  run: numbered(total),
  control: { what, waitsMs: 60_000, run: numbered(total, change) },
});

export const lines = [
  line(
    `numbered messages on ${CONNECTIONS} connections`,
    'on those that survive nothing is lost, doubled or reordered; on those that are cut sent = confirmed + failed',
    whole,
    'a proxy that loses one',
    { tamper: tampers.loses },
  ),
  line('the same, shorter', 'nothing is doubled', few, 'a proxy that doubles one', {
    tamper: tampers.doubles,
  }),
  line('the same, shorter', 'nothing is reordered', few, 'a proxy that swaps two', { tamper: tampers.swaps }),
  line(
    'the same, shorter',
    'nothing is confirmed that was not received',
    few,
    'a book that takes for confirmed whatever was sent',
    { trusting: true },
  ),
];
