// Each function that a server takes, failing in each way: what is faulty, what is expected, and how it is met.
import { CloseError, flowMap, sendTo } from 'rxjs-ws';
import {
  concat,
  defer,
  finalize,
  from,
  map,
  mergeMap,
  NEVER,
  Observable,
  of,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { never, rejects, throws } from './failing.mjs';

const ORIGIN = { fields: { Origin: 'https://app.example' } };
const at500 = 'status 500, one report';
const at1011 = 'closed with 1011, one report';
const serves = 'the server serves';
const failing1011 = { code: 1011, reports: 1 };
const decision = (shouldUpgrade) => ({ config: { shouldUpgrade }, status: 500, reports: 1 });
const origin = (origins) => ({ ...ORIGIN, config: { origins }, status: 500, reports: 1 });
const address = (addressOf) => ({
  config: {
    maxConnectionsPerAddress: 10,
    addressOf: (upgrade) => (upgrade.path === '/bystander' ? undefined : addressOf()),
  },
  status: 500,
  reports: 1,
});
const codec = (half) => ({
  encode: (value) => value,
  decode: (data) => data,
  ...half,
});
const onBad = (fail) => (value) => (value === 'bad' ? fail() : value);
const decoding = (fail) => ({ config: { codec: codec({ decode: onBad(fail) }) }, says: 'bad' });
const encoding = (fail) => ({
  config: { codec: codec({ encode: onBad(fail) }) },
  project: () => concat(of('bad'), NEVER),
});
const conflating = (fail) => ({
  config: { overflow: { conflateBy: onBad(fail) } },
  project: () => concat(of('bad'), NEVER),
});
const output = (project) => ({ project, ...failing1011 });
const open = (project, more) => ({ project, ...more });
const flowing = (fail) => (connection) =>
  connection.messages.pipe(flowMap(connection, (message) => fail(message)));
const asyncIterable = (next, end = () => Promise.resolve({ done: true })) => ({
  [Symbol.asyncIterator]: () => ({ next, return: end }),
});
const iterable = (next, end = () => ({ done: true })) => ({
  [Symbol.iterator]: () => ({ next, return: end }),
});
const pausing = { pause: throws, resume: () => {} };
const resuming = { pause: () => {}, resume: throws };
const closing = (closeWhen) => ({ config: { closeWhen }, drains: true, reports: 1 });

export const serverCases = [
  ['`shouldUpgrade` throws', at500, decision(throws)],
  ['`shouldUpgrade` rejects', at500, decision(rejects)],
  [
    '`shouldUpgrade` gives an Observable that errors',
    at500,
    decision(() => throwError(() => new Error('no'))),
  ],
  [
    '`shouldUpgrade` never answers',
    'status 503 after `handshakeTimeoutMs`',
    { ...decision(never), status: 503, reports: 0 },
  ],
  ['`shouldUpgrade` answers what is no decision', at500, decision(() => 'yes')],
  [
    '`shouldUpgrade` gives a header with a line break',
    at500,
    decision(() => ({ headers: { a: 'b\r\nSet-Cookie: c' } })),
  ],
  ['`shouldUpgrade` chooses what was not offered', at500, decision(() => ({ protocol: 'chat' }))],
  [
    '`shouldUpgrade` accepts, and its teardown throws',
    'accepted, one report',
    {
      config: {
        shouldUpgrade: () =>
          timer(5).pipe(
            map(() => true),
            finalize(throws),
          ),
      },
      reports: 1,
    },
  ],
  ['`origins` throws', at500, origin(throws)],
  ['`origins` rejects', at500, origin(rejects)],
  ['`origins` never answers', at500, origin(never)],
  ['`addressOf` throws', at500, address(throws)],
  ['`addressOf` rejects', at500, address(rejects)],
  ['`addressOf` never answers', at500, address(never)],
  ['`listening` throws', `${serves}, one report`, { config: { listening: throws }, reports: 1 }],
  ['`listening` rejects', `${serves}, one report`, { config: { listening: rejects }, reports: 1 }],
  ['`closeWhen` errors', 'drained: 1001, one report', closing(timer(300).pipe(map(throws)))],
  [
    '`closeWhen` rejects',
    'drained: 1001, one report',
    {
      ...closing(),
      config: () => ({ closeWhen: new Promise((_, no) => setTimeout(no, 300, new Error('of the user'))) }),
    },
  ],
  ['the project throws', at1011, output(throws)],
  ['the project rejects', at1011, output(rejects)],
  ['the project gives an Observable that errors', at1011, output(() => throwError(() => new Error('no')))],
  ['the project gives nothing', at1011, output(() => undefined)],
  ['the project gives what is no message', at1011, output(() => of({ a: 1 }))],
  [
    'the project throws a `CloseError`',
    'closed with its code, 4001, one report',
    { ...output(() => throwError(() => new CloseError(4001, 'go'))), code: 4001 },
  ],
  [
    'an operator of the project throws at a message',
    at1011,
    { ...output(({ messages }) => messages.pipe(tap(throws))), says: 'bad' },
  ],
  ['the promise of the project is never kept', 'open; ended soon after the peer closes', open(never)],
  ['an iterable throws', at1011, output(() => iterable(throws))],
  ['an async iterable rejects', at1011, output(() => asyncIterable(rejects))],
  [
    'an async iterable never answers',
    'open; ended soon after the peer closes',
    open(() => asyncIterable(never)),
  ],
  [
    'an async iterable never answers, and its `return` throws',
    'the same',
    open(() => asyncIterable(never, throws)),
  ],
  [
    'an async iterable never answers, and its `return` rejects',
    'the same',
    open(() => asyncIterable(never, rejects)),
  ],
  [
    'the teardown of the output throws',
    'ended as ever, one report',
    open(() => new Observable(() => throws), { reports: 1 }),
  ],
  ['`codec.decode` throws', 'closed with 1007, one report', { ...decoding(throws), code: 1007, reports: 1 }],
  [
    '`codec.decode` rejects',
    'closed with 1007, one report',
    { ...decoding(rejects), code: 1007, reports: 1 },
  ],
  [
    '`codec.decode` never answers',
    'closed with 1007 after `unreadTimeoutMs`, one report',
    { ...decoding(never), code: 1007, reports: 1 },
  ],
  ['`codec.encode` throws', at1011, { ...encoding(throws), ...failing1011 }],
  ['`codec.encode` rejects', at1011, { ...encoding(rejects), ...failing1011 }],
  ['`codec.encode` never answers', at1011, { ...encoding(never), ...failing1011 }],
  ['`conflateBy` throws', at1011, { ...conflating(throws), ...failing1011 }],
  ['`conflateBy` rejects', at1011, { ...conflating(rejects), ...failing1011 }],
  ['`conflateBy` never answers', at1011, { ...conflating(never), ...failing1011 }],
  ['`onError` throws', 'closed with 1011', { ...output(throws), config: { onError: throws }, reports: 0 }],
  ['`onError` rejects', 'closed with 1011', { ...output(throws), config: { onError: rejects }, reports: 0 }],
  [
    '`onError` never answers',
    'closed with 1011',
    { ...output(throws), config: { onError: never }, reports: 0 },
  ],
  ['the project of `flowMap` throws', at1011, { ...output(flowing(throws)), says: 'bad' }],
  ['the project of `flowMap` rejects', at1011, { ...output(flowing(rejects)), says: 'bad' }],
  [
    'the project of `flowMap` never answers',
    'open; ended soon after the peer closes',
    open(flowing(never), { says: 'bad' }),
  ],
  [
    '`pause` of a source throws',
    at1011,
    {
      ...output((connection) => merge2(connection, pausing)),
      says: 'bad',
    },
  ],
  [
    '`resume` of a source throws',
    'ended as ever, a warning',
    open((connection) => merge2(connection, resuming), { says: 'bad' }),
  ],
  [
    '`dropped` of `sendTo` throws',
    "open; RxJS's affair or one report",
    open(
      (connection) =>
        defer(() =>
          from(['a', 'b', 'c']).pipe(sendTo(connection, { overflow: 'latest', dropped: throws })),
        ).pipe((sent) => concat(sent, NEVER)),
      { reports: 0 },
    ),
  ],
  [
    'parts of a message error',
    at1011,
    output(({ sendFragments }) =>
      sendFragments(
        concat(
          of('a'),
          throwError(() => new Error('no')),
        ),
      ),
    ),
  ],
  ['parts of a message reject', at1011, output(({ sendFragments }) => sendFragments(asyncIterable(rejects)))],
  [
    'parts of a message never come',
    'open; errors with the end, one report',
    open(({ sendFragments }) => sendFragments(never()), { reports: 1 }),
  ],
  [
    'the observer of `messages` throws',
    "open; it is RxJS's affair",
    {
      ...open(({ messages }) => (messages.subscribe(throws), NEVER), { says: 'bad' }),
      config: { unhandledErrors: 1 },
    },
  ],
  [
    'the observer of `closed` throws',
    "ended as ever; it is RxJS's affair",
    { ...open(({ closed }) => (closed.subscribe(throws), NEVER)), config: { unhandledErrors: 1 } },
  ],
];

/** Two messages at once: with a concurrency of 1 the second holds `source`. */
function merge2({ messages }, source) {
  return messages.pipe(
    mergeMap(() => ['one', 'two']),
    held2(source),
  );
}

function held2(source) {
  return flowMap(source, () => from(Promise.resolve()).pipe(mergeMap(() => [])));
}
