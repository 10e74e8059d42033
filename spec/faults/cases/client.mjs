// Each function that a client takes, failing in each way.
import * as ours from 'rxjs-ws';
import { mergeMap } from 'rxjs';
import { openingServer } from '../Peer.mjs';
import { sleep, turn } from '../until.mjs';
import { close, text } from '../wire.mjs';
import { never, rejects, throws } from './failing.mjs';

const onBad = (fail) => ({ encode: (value) => value, decode: (value) => (value === 'bad' ? fail() : value) });

/**
 * Connects to a server of bytes which sends `behind`; `wants` looks at what has become of it. `lib.reconnect` is the
 * library's for both.
 */
const atClient =
  ({ config = {}, url, behind = '', operator = (source) => source, error, code, reports = 0, silent }) =>
  (lib) =>
  async (attempt) => {
    let peer;
    const server = await openingServer((opened) => (peer = opened), behind);
    attempt.after(() => server.stop());
    const seen = { errors: [], over: undefined };
    const base = { closeTimeoutMs: 500, unreadTimeoutMs: 300, onError: (thrown) => seen.errors.push(thrown) };
    const target = url ?? { url: server.url, ...base, ...config };
    const subscription = lib
      .connect(target)
      .pipe(
        mergeMap(({ messages }) => messages),
        operator,
      )
      .subscribe({ error: (thrown) => (seen.over = thrown), complete: () => (seen.over = 'complete') });
    attempt.after(() => subscription.unsubscribe());
    if (silent) {
      await sleep(100);
      attempt.same(String(seen.over), 'undefined', 'the end');
      attempt.same(server.peers.length, 0, 'connections');
      subscription.unsubscribe();
      await turn();
      return;
    }
    if (code !== undefined) {
      await attempt.sees(() => peer?.closeCode !== undefined, 'a close frame');
      attempt.same(peer.closeCode, code, 'close code');
    }
    peer?.answersClose();
    await attempt.sees(() => seen.over !== undefined, 'the end');
    attempt.check(error(seen.over), `the end is ${seen.over?.message ?? seen.over}`);
    attempt.same(seen.errors.length, reports, 'reports to `onError`');
  };

const own = (thrown) => thrown?.message === 'of the user';
const closed = (thrown) => thrown?.code === 'CONNECTION_CLOSED';
const bad = text('bad');

export const clientCases = [
  ['the function that gives a URL throws', 'errors with that', atClient({ url: throws, error: own })],
  ['the function that gives a URL rejects', 'errors with that', atClient({ url: rejects, error: own })],
  [
    'the function that gives a URL never answers',
    'nothing, until unsubscribed',
    atClient({ url: never, silent: true }),
  ],
  [
    '`codec.decode` of a client throws',
    '1007 on the wire, errors, one report',
    atClient({ config: { codec: onBad(throws) }, behind: bad, code: 1007, error: closed, reports: 1 }),
  ],
  [
    '`codec.decode` of a client rejects',
    '1007 on the wire, errors, one report',
    atClient({ config: { codec: onBad(rejects) }, behind: bad, code: 1007, error: closed, reports: 1 }),
  ],
  [
    '`codec.decode` of a client never answers',
    '1007 on the wire, errors, one report',
    atClient({ config: { codec: onBad(never) }, behind: bad, code: 1007, error: closed, reports: 1 }),
  ],
  [
    '`closeIsError` throws',
    'it counts as an error, one report',
    atClient({ config: { closeIsError: throws }, behind: close(1000), error: closed, reports: 1 }),
  ],
  [
    '`closeIsError` rejects',
    'it counts as an error, one report',
    atClient({ config: { closeIsError: rejects }, behind: close(1000), error: closed, reports: 1 }),
  ],
  [
    '`closeIsError` never answers',
    'it counts as an error',
    atClient({ config: { closeIsError: never }, behind: close(1000), error: closed }),
  ],
  [
    '`when` of `reconnect` throws',
    'errors with that',
    atClient({ behind: close(1011), operator: ours.reconnect({ when: throws }), error: own }),
  ],
  [
    '`when` of `reconnect` rejects',
    'errors with the end of the connection',
    atClient({ behind: close(1011), operator: ours.reconnect({ when: rejects }), error: closed }),
  ],
  [
    '`when` of `reconnect` never answers',
    'errors with the end of the connection',
    atClient({ behind: close(1011), operator: ours.reconnect({ when: never }), error: closed }),
  ],
];
