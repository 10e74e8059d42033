import { BAD, type Reactions, type Step } from './Run.ts';

/** Where this library does otherwise than `rxjs/webSocket`, on purpose, with a script that shows it. */
export interface Difference {
  readonly name: string;
  readonly reason: string;
  readonly script: readonly Step[];
  readonly reactions?: Reactions;
  /** Made anew for each run. */
  readonly config?: () => object;
  /** What can be seen of RxJS, to the end of the script; then of this library. */
  readonly theirs: readonly string[];
  readonly ours: readonly string[];
  /** What RxJS throws at its host, where it would end a process. */
  readonly thrown?: string;
}

const clean = { wasClean: true, code: 1000 };
const lost = { wasClean: false, code: 1006 };
const invalid =
  'WebSocketSubject.error must be called with an object with an error code, and an optional reason: { code: number, reason: string }';

const opened = (socket: number): string => `open observer: {"type":"open","socket":${socket}}`;
const closed = (socket: number, { wasClean, code }: typeof clean): string =>
  `close observer: {"type":"close","socket":${socket},"wasClean":${wasClean},"code":${code}}`;
const first = ['0: new ws://server/chat', opened(0)];
const second = ['1: new ws://server/chat', opened(1)];

export const differences: readonly Difference[] = [
  {
    name: 'a connection that it closes gets the code 1000',
    reason: 'without a code the server sees 1005, which many take for a fault (ReactiveX/rxjs#7353)',
    script: [['subscribe'], ['open', 0], ['unsubscribe', 0]],
    theirs: [...first, '0: close'],
    ours: [...first, '0: close 1000'],
  },
  {
    name: 'a late error of a closed socket leaves the next one alone',
    reason: 'it reset the subject, so that the next socket was closed as it opened (ReactiveX/rxjs#6770)',
    script: [
      ['subscribe'],
      ['unsubscribe', 0],
      ['subscribe'],
      ['fail', 1],
      ['end', 1, lost],
      ['open', 0],
      ['next', 1],
    ],
    theirs: ['0: new ws://server/chat', '0: close', '1: new ws://server/chat', closed(0, lost), '1: close'],
    ours: [
      '0: new ws://server/chat',
      '0: close',
      '1: new ws://server/chat',
      closed(0, lost),
      opened(1),
      '1: send 1',
    ],
  },
  {
    name: 'a closed socket that opens all the same is closed, and takes nothing',
    reason: 'it was sent what waited for the next one',
    script: [['subscribe'], ['unsubscribe', 0], ['subscribe'], ['next', 1], ['open', 1], ['open', 0]],
    theirs: [
      '0: new ws://server/chat',
      '0: close',
      '1: new ws://server/chat',
      opened(0),
      '0: send 1',
      opened(1),
    ],
    ours: [
      '0: new ws://server/chat',
      '0: close',
      '1: new ws://server/chat',
      '0: close',
      opened(1),
      '1: send 1',
    ],
  },
  {
    name: 'next after the end is not for the next connection',
    reason: 'the next conversation began with what was meant for the last one',
    script: [['subscribe'], ['open', 0], ['end', 0, clean], ['next', 1], ['subscribe'], ['open', 0]],
    theirs: [...first, closed(0, clean), 'subscriber 0: complete', ...second, '1: send 1'],
    ours: [...first, closed(0, clean), 'subscriber 0: complete', ...second],
  },
  {
    name: 'complete and error after the end are not for the next connection',
    reason: 'it was closed as it opened',
    script: [['subscribe'], ['open', 0], ['end', 0, clean], ['complete'], ['subscribe'], ['open', 0]],
    theirs: [...first, closed(0, clean), 'subscriber 0: complete', ...second, 'closing observer', '1: close'],
    ours: [...first, closed(0, clean), 'subscriber 0: complete', ...second],
  },
  {
    name: 'the last message of a part goes to the connection of that part alone',
    reason: 'a server that knows nothing of the part was told of its end (ReactiveX/rxjs#1899)',
    script: [
      ['subscribe'],
      ['multiplex', 'a'],
      ['open', 0],
      ['complete'],
      ['subscribe'],
      ['unsubscribe', 1],
      ['open', 0],
    ],
    theirs: [
      ...first,
      '0: send {"sub":"a"}',
      'closing observer',
      '0: close',
      ...second,
      '1: send {"unsub":"a","connection":0}',
    ],
    ours: [...first, '0: send {"sub":"a"}', 'closing observer', '0: close 1000', ...second],
  },
  {
    name: 'what the serializer throws is the error',
    reason: 'it was replaced by one that blames a call of error() that nobody had made (ReactiveX/rxjs#7111)',
    script: [['subscribe'], ['open', 0], ['next', BAD]],
    theirs: [...first, 'closing observer', `subscriber 0: error TypeError ${invalid}`, '0: close'],
    ours: [...first, 'closing observer', 'subscriber 0: error a fault of the spec', '0: close 1000'],
  },
  {
    name: 'what the send of the socket throws is the error',
    reason: 'as with the serializer',
    script: [['subscribe'], ['open', 0], ['sendFault', 0, new Error('not now')], ['next', 1]],
    theirs: [...first, 'closing observer', `subscriber 0: error TypeError ${invalid}`, '0: close'],
    ours: [...first, 'closing observer', 'subscriber 0: error not now', '0: close 1000'],
  },
  {
    name: 'a value is serialized when it is given to next',
    reason: 'what waits can be counted in bytes only then, and a later change of the object is not sent',
    script: [['next', 1], ['subscribe'], ['open', 0]],
    config: () => {
      let isOpen = false;
      return {
        openObserver: { next: () => (isOpen = true) },
        serializer: (value: unknown) => `${JSON.stringify(value)} ${isOpen ? 'open' : 'waits'}`,
      };
    },
    theirs: ['0: new ws://server/chat', '0: send 1 open'],
    ours: ['0: new ws://server/chat', '0: send 1 waits'],
  },
  {
    name: 'who tries again after an error of error() or a serializer gets a connection that lives',
    reason: 'it was reset once more, behind the new subscription',
    script: [['retry', 1], ['open', 0], ['error'], ['open', 0]],
    theirs: [...first, 'closing observer', '0: close', '1: new ws://server/chat', '1: close'],
    ours: [...first, 'closing observer', '0: close 1000', ...second],
  },
  {
    name: 'who subscribes within an error gets a new connection',
    reason: 'it got the same error again; with retry, and a second subscriber, without end',
    script: [['subscribe'], ['subscribe'], ['open', 0], ['receive', 0, '{"key'], ['open', 0]],
    reactions: { error: ['subscribe'] },
    config: () => ({
      deserializer: () => {
        throw new Error('unreadable');
      },
    }),
    theirs: [
      ...first,
      'subscriber 0: error unreadable',
      'subscriber 2: error unreadable',
      'subscriber 1: error unreadable',
      '0: close',
      // The new socket, by the name of the newest.
      '0: close',
    ],
    ours: [
      ...first,
      'subscriber 0: error unreadable',
      '1: new ws://server/chat',
      'subscriber 1: error unreadable',
      '0: close 1000',
      opened(1),
    ],
  },
  {
    name: 'who unsubscribes within openObserver can go on',
    reason: 'all that was sent until the next opening was lost',
    script: [['subscribe'], ['open', 0], ['subscribe'], ['next', 1], ['open', 0]],
    reactions: { open: ['unsubscribe', 0] },
    theirs: [...first, '0: close', ...second],
    ours: [...first, '0: close 1000', ...second, '1: send 1'],
  },
  {
    name: 'a part whose first message cannot be made says nothing more',
    reason: 'its last message was sent, and where there was none a connection opened for it',
    script: [['subscribe'], ['open', 0], ['multiplex', BAD]],
    theirs: [...first, 'subscriber 1: error a fault of the spec', '0: send {"unsub":"bad","connection":0}'],
    ours: [...first, 'subscriber 1: error a fault of the spec'],
  },
  {
    name: 'an openObserver that throws changes nothing',
    reason: 'nothing could be sent any more',
    script: [['subscribe'], ['open', 0], ['next', 1]],
    config: () => ({
      openObserver: {
        next: () => {
          throw new Error('a fault of an observer');
        },
      },
    }),
    theirs: ['0: new ws://server/chat', 'open threw: a fault of an observer'],
    ours: ['0: new ws://server/chat', '0: send 1'],
  },
  {
    name: 'a closeObserver that throws changes nothing',
    reason: 'the subscribers were never told of the end',
    script: [['subscribe'], ['open', 0], ['end', 0, clean]],
    config: () => ({
      closeObserver: {
        next: () => {
          throw new Error('a fault of an observer');
        },
      },
    }),
    theirs: [...first, 'end threw: a fault of an observer'],
    ours: [...first, 'subscriber 0: complete'],
  },
  {
    name: 'a closingObserver that throws changes nothing',
    reason: 'the socket stayed open, without a way to close it',
    script: [['subscribe'], ['open', 0], ['complete'], ['unsubscribe', 0]],
    config: () => ({
      closingObserver: {
        next: () => {
          throw new Error('a fault of an observer');
        },
      },
    }),
    theirs: [...first, '0: close'],
    ours: [...first, '0: close 1000'],
    thrown: 'a fault of an observer',
  },
  {
    name: 'a code that the socket refuses is an error, and it is closed with none',
    reason: 'the socket stayed open, and nobody was told',
    script: [['subscribe'], ['open', 0], ['refuse', 0, 1001], ['error', { code: 1001 }]],
    theirs: [...first, 'closing observer'],
    ours: [...first, 'closing observer', '0: close', 'subscriber 0: error the code must not be 1001'],
    thrown: 'the code must not be 1001',
  },
];
