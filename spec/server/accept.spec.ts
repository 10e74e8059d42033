import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  filter,
  firstValueFrom,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  type OperatorFunction,
  Subject,
  share,
  take,
  toArray,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { Connection } from '../../src/connection/Connection.ts';
import { accept } from '../../src/server/accept.ts';
import { handle } from '../../src/server/handle.ts';
import type { Upgrade } from '../../src/server/Upgrade.ts';
import { upgrades } from '../../src/server/upgrades.ts';
import { Inbox } from '../connection/contract/Inbox.ts';
import { clientFrame, parseFrames, show } from '../transports/ws/wire.ts';
import { type Borrowed, httpServer } from './httpServer.ts';
import { RawClient, upgradeRequest } from './rawClient.ts';

let borrowed: Borrowed;
const clients: RawClient[] = [];
beforeEach(async () => {
  borrowed = await httpServer();
});
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  await borrowed[Symbol.asyncDispose]();
});

function client(path = '/', frames: readonly Buffer[] = []): RawClient {
  const made = RawClient.to(borrowed.port, Buffer.concat([Buffer.from(upgradeRequest(path)), ...frames]));
  clients.push(made);
  return made;
}

/** What came behind the 101, up to the end of the socket. */
const sentTo = async ({ closed }: RawClient): Promise<string[]> => {
  const bytes = await closed;
  return parseFrames(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)).map(show);
};

/** The first connection, and the end of it all. */
function accepted<T>(pipeline: Observable<T>): {
  emitted: Inbox<T>;
  over: Promise<unknown>;
  unsubscribe: () => void;
} {
  const emitted = new Inbox<T>();
  let subscription: { unsubscribe(): void };
  const over = new Promise<unknown>((resolve) => {
    subscription = pipeline.subscribe({
      next: (value) => emitted.push(value),
      error: resolve,
      complete: () => resolve(undefined),
    });
  });
  return { emitted, over, unsubscribe: () => subscription.unsubscribe() };
}

describe('accept', () => {
  it('emits connections, by default of everyone', async () => {
    const { emitted, unsubscribe } = accepted(upgrades(borrowed.server).pipe(accept()));
    const asked = client('/a');
    const connection = await emitted.next();
    expect(connection).toMatchObject({ state: 'open', context: undefined, handshake: { path: '/a' } });
    expect((await asked.answer()).status).toBe(101);
    unsubscribe();
  });

  it('lets no slow decision delay another', async () => {
    const slow = new Subject<boolean>();
    const { emitted, unsubscribe } = accepted(
      upgrades(borrowed.server).pipe(accept(({ path }) => (path === '/slow' ? slow : path === '/fast'))),
    );
    const late = client('/slow');
    await late.connected();
    const refused = client('/refused');
    client('/fast');
    expect((await emitted.next()).handshake.path).toBe('/fast');
    expect((await refused.refusal()).status).toBe(403);
    slow.next(true);
    expect((await emitted.next()).handshake.path).toBe('/slow');
    unsubscribe();
  });

  it('goes on whatever one client does', async () => {
    const { emitted, unsubscribe } = accepted(
      upgrades(borrowed.server).pipe(
        accept(
          ({ path }) => {
            if (path === '/throw') throw new Error('oh');
            return path === '/gone' ? NEVER : true;
          },
          { onError: () => {} },
        ),
      ),
    );
    expect((await client('/throw').refusal()).status).toBe(500);
    const gone = client('/gone');
    await gone.connected();
    gone.reset();
    // A reserved bit in the packet of the request.
    client('/fault', [Buffer.from([0xf1, 0x80, 1, 2, 3, 4])]);
    const faulty = await emitted.next();
    expect(await firstValueFrom(faulty.closed)).toMatchObject({ code: 1002, by: 'local', wasClean: false });
    client('/good');
    expect((await emitted.next()).handshake.path).toBe('/good');
    unsubscribe();
  });

  describe('gives the frames that came with the request, complete and in order,', () => {
    const frames = ['a', 'b', 'c'].map((text) => clientFrame(1, text));
    const fourth = clientFrame(1, 'd');
    /** The whole life of another connection, which nobody reads. */
    const another = (): Promise<Buffer> => client('/other', [clientFrame(8, Buffer.from([3, 232]))]).closed;
    const four = (connection: Connection): Promise<unknown> =>
      lastValueFrom(connection.messages.pipe(take(4), toArray()));

    it.each<[string, () => unknown]>([
      ['at once', () => undefined],
      ['after a microtask', () => Promise.resolve()],
      ['after a promise of a promise', () => Promise.resolve().then(() => Promise.resolve())],
      ['a turn later', () => turn()],
      ['after the whole life of another connection', another],
      ['10 ms later', () => another().then(() => void jest.advanceTimersByTime(10))],
      ['1 s later', () => another().then(() => void jest.advanceTimersByTime(1_000))],
    ])('where `messages` is subscribed %s', async (_, wait) => {
      jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
      const { emitted, unsubscribe } = accepted(
        upgrades(borrowed.server).pipe(accept(), filter(isFirst), first(wait)),
      );
      const asked = client('/', frames);
      await asked.answer();
      asked.socket.write(fourth);
      expect(await emitted.next()).toEqual(['a', 'b', 'c', 'd']);
      unsubscribe();
    });

    afterEach(() => void jest.useRealTimers());

    const isFirst = ({ handshake }: Connection): boolean => handshake.path === '/';
    /** Reads the first four when `wait` is over; inside the emission where it is nothing. */
    const first = (wait: () => unknown): OperatorFunction<Connection, unknown> =>
      mergeMap((connection) => {
        const waiting = wait();
        return waiting === undefined
          ? four(connection)
          : Promise.resolve(waiting).then(() => four(connection));
      });

    it('where the decision takes its time', async () => {
      const decision = new Subject<boolean>();
      const { emitted, unsubscribe } = accepted(
        upgrades(borrowed.server).pipe(
          accept(({ path }) => path !== '/' || decision),
          filter(isFirst),
        ),
      );
      client('/', [...frames, fourth]);
      await another();
      decision.next(true);
      expect(await four(await emitted.next())).toEqual(['a', 'b', 'c', 'd']);
      unsubscribe();
    });

    it('to all who subscribe inside the emission', async () => {
      const { emitted, unsubscribe } = accepted(
        upgrades(borrowed.server).pipe(
          accept(),
          mergeMap(({ text, messages }) =>
            merge(
              text.pipe(map((line) => `1${line}`)),
              messages.pipe(map((line) => `2${line.toString()}`)),
            ).pipe(take(6), toArray()),
          ),
        ),
      );
      client('/', frames);
      expect(await emitted.next()).toEqual(['1a', '2a', '1b', '2b', '1c', '2c']);
      unsubscribe();
    });
  });

  it('completes when the source has and the last decision is made; connections stay', async () => {
    const decision = new Subject<boolean>();
    const source = new Subject<Upgrade>();
    const listening = upgrades(borrowed.server).subscribe(source);
    const { emitted, over } = accepted(source.pipe(accept(({ path }) => path === '/first' || decision)));
    client('/first');
    client('/second');
    const connection = await emitted.next();
    await roundTrip();
    source.complete();
    let isOver = false;
    void over.then(() => (isOver = true));
    await turn();
    expect(isOver).toBe(false);
    decision.next(true);
    await over;
    expect([connection.state, (await emitted.next()).state]).toEqual(['open', 'open']);
    listening.unsubscribe();
    connection.terminate();
  });

  it('errors with what the source errors with; connections stay, what is undecided is refused', async () => {
    const source = new Subject<Upgrade>();
    const decision = new Subject<boolean>();
    const listening = upgrades(borrowed.server).subscribe(source);
    const { emitted, over } = accepted(source.pipe(accept(({ path }) => path === '/first' || decision)));
    client('/first');
    const connection = await emitted.next();
    const second = client('/second');
    await roundTrip();
    const error = new Error('oh');
    source.error(error);
    expect(await over).toBe(error);
    expect((await second.refusal()).status).toBe(503);
    expect(connection.state).toBe('open');
    expect(decision.observed).toBe(false);
    listening.unsubscribe();
    connection.terminate();
  });

  it('when unsubscribed, refuses what is undecided and closes with 1001 what nobody answers', async () => {
    const { emitted, unsubscribe } = accepted(
      upgrades(borrowed.server).pipe(accept(({ path }) => path === '/first' || NEVER)),
    );
    const first = client('/first');
    await emitted.next();
    await first.answer();
    const second = client('/second');
    await roundTrip();
    first.socket.once('data', () => first.socket.write(clientFrame(8, Buffer.from([3, 233]))));
    unsubscribe();
    expect((await second.refusal()).status).toBe(503);
    expect(await sentTo(first)).toEqual(['close:1001']);
  });

  it('leaves to `handle` what `handle` answers', async () => {
    const { emitted, over } = accepted(
      upgrades(borrowed.server).pipe(
        accept(),
        take(1),
        handle(({ text }) => text),
      ),
    );
    client('/', [clientFrame(1, 'a'), clientFrame(8, Buffer.from([3, 232]))]);
    expect(await emitted.next()).toMatchObject({ close: { code: 1000, by: 'peer' }, finished: true });
    await over;
  });

  it('leaves an upgrade that is shared to the first who decides', async () => {
    const reported: unknown[] = [];
    const shared = upgrades(borrowed.server).pipe(share());
    const all = accepted(shared.pipe(accept()));
    const same = accepted(shared.pipe(accept(() => false, { onError: (error) => reported.push(error) })));
    client();
    expect((await all.emitted.next()).state).toBe('open');
    all.unsubscribe();
    same.unsubscribe();
    expect(reported).toEqual([]);
  });

  /** Another request came and was answered: what was sent before it has arrived. */
  async function roundTrip(): Promise<void> {
    await RawClient.to(borrowed.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n').closed;
  }

  it.each([
    { source: '  ---', result: '   ---', subscription: '^--' },
    { source: '  |', result: '     |', subscription: '  (^!)' },
    { source: '  --|', result: '   --|', subscription: '^-!' },
    { source: '  --#', result: '   --#', subscription: '^-!' },
    { source: '  --x--|', result: '-----|', subscription: '^----!' },
    { source: '  -xx-#', result: ' ----#', subscription: '^---!' },
    { source: '  --x--|', result: '---   ', subscription: '^--!', unsubscribed: '---!' },
  ])(
    'of what are no upgrades ($source) makes $result, and reports them',
    ({ source, result, subscription, unsubscribed }) => {
      const reported: unknown[] = [];
      new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(
        ({ cold, expectObservable, expectSubscriptions }) => {
          const strangers = cold<Upgrade>(source.trim(), { x: { raw: {} } as Upgrade });
          const connections = strangers.pipe(
            accept(() => true, { onError: (error) => reported.push(error) }),
          );
          expectObservable(connections, unsubscribed).toBe(result);
          expectSubscriptions(strangers.subscriptions).toBe(subscription);
        },
      );
      expect(reported).toHaveLength(source.split('x').length - 1);
    },
  );
});
