import { describe, expect, it } from '@jest/globals';
import {
  concat,
  ignoreElements,
  map,
  NEVER,
  type Observable,
  of,
  type SchedulerLike,
  Subject,
  Subscription,
  switchMap,
} from 'rxjs';
import { lifetime } from '../../src/client/lifetime.ts';
import { opening } from '../../src/client/opening.ts';
import { reconnect } from '../../src/client/reconnect.ts';
import type { Connection } from '../../src/connection/Connection.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import { heartbeat, type HeartbeatConfig } from '../../src/operators/heartbeat.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { marbles, type MemoryDial } from '../client/marbles.ts';
import { type Opened, run } from '../connection/marbles.ts';

type Opening = Connection<Data, Sendable, undefined>;
const config: HeartbeatConfig<Sendable> = { send: 'h', intervalMs: 6, timeoutMs: 4 };
const asC = map(() => 'c');
const dead = expect.objectContaining({
  code: 'CONNECTION_CLOSED',
  close: expect.objectContaining({ code: 1006, by: 'local', wasClean: false }),
  cause: expect.objectContaining({ code: 'REQUEST_TIMEOUT' }),
});
/** Its connections never end by themselves. */
const beating = ({ connection }: Opened<Data, Sendable>, own = config): Observable<Opening> =>
  concat(of(connection), NEVER).pipe(heartbeat(own));
const codeOf = ({ connection }: Opened<Data, Sendable>): Observable<string> =>
  connection.closed.pipe(map(({ code }) => `${code}`));
const connecting = ({ dial }: MemoryDial): Observable<Opening> =>
  lifetime(opening<Data, Sendable>('ws://a.test/', dial));

describe('heartbeat', () => {
  it('never, empty, error: as the source', () =>
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const never = cold<Opening>('-');
      expectObservable(never.pipe(heartbeat(config)), '^--!').toBe('-');
      expectSubscriptions(never.subscriptions).toBe('^--!');
      expectObservable(cold<Opening>('--|').pipe(heartbeat(config))).toBe('--|');
      expectObservable(cold<Opening>('--#').pipe(heartbeat(config))).toBe('--#');
    }));

  it('passes connections on, within their emission', () =>
    run(({ open }) => {
      const source = new Subject<Opening>();
      const seen: unknown[] = [];
      source.pipe(heartbeat(config)).subscribe((connection) => seen.push(connection));
      const { connection } = open();
      source.next(connection);
      expect(seen).toEqual([connection]);
      connection.terminate();
    }));

  it('asks in silence, and cuts where nothing comes', () =>
    run(({ open, says, sent, expectObservable }) => {
      const opened = open();
      opened.connection.messages.subscribe();
      says(opened.peer, '                                 -a----b');
      expectObservable(beating(opened).pipe(asC)).toBe('   c');
      expectObservable(sent(opened.peer)).toBe('           ------------h---|');
      expectObservable(codeOf(opened)).toBe('             ----------------(x|)', { x: '1006' });
    }));

  it('keeps one timer, however long it beats, and lets it go', () =>
    run(({ open }) => {
      const timers: { look: () => void; isCancelled: boolean }[] = [];
      const clock = { nowMs: 0 };
      const scheduler = {
        now: () => clock.nowMs,
        schedule: (look: () => void) => {
          const timer = { look, isCancelled: false };
          timers.push(timer);
          return new Subscription(() => (timer.isCancelled = true));
        },
      } as SchedulerLike;
      const opened = open();
      const beats = beating(opened, { ...config, timeoutMs: 1_000, scheduler }).subscribe();
      for (clock.nowMs = 10; clock.nowMs < 100; clock.nowMs += 10) {
        timers.at(-1)!.look();
        opened.peer.pong(new Uint8Array());
      }
      beats.unsubscribe();
      expect(timers.map(({ isCancelled }) => isCancelled)).toEqual([...Array<boolean>(9).fill(false), true]);
      opened.connection.terminate();
    }));

  it('counts anything as life: messages that nobody reads or that are held, pings, pongs', () =>
    run(({ open, does, sent, expectObservable }) => {
      const opened = open();
      const { connection, peer } = opened;
      connection.hold();
      does('                                               ------a-------b-------c-', {
        a: () => peer.send('a'),
        b: () => peer.ping(new Uint8Array()),
        c: () => peer.pong(new Uint8Array()),
      });
      const words = sent(peer).pipe(map((word) => ({ h: 'h', '!': 'p' })[word] ?? word));
      expectObservable(words).toBe('                      ------------h-p-----h-------h---|');
      expectObservable(beating(opened).pipe(asC)).toBe('  c');
    }));

  it('asks again in each silence, and not while the peer talks', () =>
    run(({ open, does, sent, expectObservable }) => {
      const opened = open();
      const { connection, peer } = opened;
      connection.messages.subscribe();
      peer.received.subscribe((message) => message === 'h' && peer.send('h!'));
      does('--a--a--a--a-------------x', { a: () => peer.send('a'), x: () => peer.cut() });
      expectObservable(sent(peer)).toBe('                  -----------------h-----h-|');
      expectObservable(beating(opened).pipe(asC)).toBe('   c');
    }));

  it('needs nothing to send where the peer talks by itself', () =>
    run(({ open, says, sent, expectObservable }) => {
      const opened = open();
      opened.connection.messages.subscribe();
      says(opened.peer, '                                 ----a-------b');
      const silent = { intervalMs: 6, timeoutMs: 4 };
      expectObservable(beating(opened, silent).pipe(asC)).toBe('c');
      expectObservable(sent(opened.peer)).toBe('           ----------------------|');
    }));

  it('does not count the time in which the socket is paused', () =>
    run(({ open, says, does, expectObservable }) => {
      const opened = open({ readAheadBytes: 9, unreadTimeoutMs: Infinity });
      const { connection, peer } = opened;
      says(peer, '                                   a-b---------');
      does('                                         --------------------r', {
        r: () => connection.messages.subscribe(),
      });
      expectObservable(beating(opened).pipe(asC)).toBe(' c');
      expectObservable(codeOf(opened)).toBe('           ------------------------------(x|)', { x: '1006' });
    }));

  it('asks though the queue is full, and reports what cannot be sent', () => {
    const { errors } = run(({ open, expectObservable }) => {
      const opened = open<Data, Sendable>();
      expectObservable(beating(opened, { ...config, send: 5 as never }).pipe(asC)).toBe('c');
      expectObservable(codeOf(opened)).toBe('----------(x|)', { x: '1006' });
      return opened;
    });
    expect(errors).toEqual([expect.objectContaining({ code: 'INVALID_ARGUMENT' })]);
  });

  it('early unsubscribe: asks no more, and cuts nothing', () =>
    run(({ open, sent, expectObservable }) => {
      const opened = open();
      expectObservable(beating(opened).pipe(asC), '^------!').toBe('c');
      expectObservable(sent(opened.peer)).toBe('         ------h');
    }));

  it('leaves what is closing to its own time limit', () =>
    run(({ open, does, sent, expectObservable }) => {
      const opened = open({ closeTimeoutMs: 30 });
      opened.peer.closeMs = Infinity;
      does('                                           --c', { c: () => opened.connection.close() });
      expectObservable(beating(opened).pipe(asC)).toBe('c');
      expectObservable(sent(opened.peer)).toBe('       --x-----------------------------|', { x: '#1000' });
    }));

  it('20 s and 20 s are the defaults', () =>
    run(({ open, sent, expectObservable }) => {
      const opened = open();
      expectObservable(beating(opened, { send: 'h' }).pipe(asC)).toBe('c');
      expectObservable(sent(opened.peer)).toBe('20s h 19999ms |');
    }));

  it('makes `connect` error, so that `reconnect` comes back', () => {
    marbles(({ memory, expectObservable }) => {
      const played = memory('(d|)');
      expectObservable(connecting(played).pipe(heartbeat(config), asC)).toBe('c---------#', undefined, dead);
    });
    marbles(({ memory, expectObservable }) => {
      const [first, second] = [memory('(d|)'), memory('(d|)')];
      let attempts = 0;
      const either = (): Observable<Opening> => (attempts++ === 0 ? connecting(first) : connecting(second));
      const source = of(0).pipe(
        switchMap(either),
        heartbeat(config),
        reconnect({ initialMs: 0, attempts: 1 }),
      );
      expectObservable(source.pipe(asC)).toBe('c---------c---------#', undefined, dead);
    });
  });

  it('lets many live side by side', () =>
    run(({ open, says, hot, sent, expectObservable }) => {
      const [one, two] = [open(), open()];
      for (const { connection } of [one, two]) connection.messages.subscribe();
      says(one.peer, '                                      ---a');
      expectObservable(
        hot('                                c--d', { c: one.connection, d: two.connection }).pipe(
          heartbeat(config),
          asC,
        ),
      ).toBe('c--c');
      expectObservable(sent(one.peer)).toBe('               ---------h---|');
      expectObservable(sent(two.peer)).toBe('               ---------h---|');
    }));

  it('takes for an answer what it is told to, and no other message', () =>
    runMarbles(({ connection, expectSent, expectClosed, expectReading }) => {
      const expected: HeartbeatConfig<unknown, string> = { ...config, expect: (message) => message === 'p' };
      const answering = connection('-a-----p-----n-n-', {}, { closeMs: 0 });
      const held = connection('       -a-----n-----n|');
      for (const each of [answering, held]) {
        each.messages.subscribe();
        concat(of(each), NEVER).pipe(heartbeat(expected)).subscribe();
      }
      held.hold();
      expectReading(held).toBe('  f');
      expectSent(answering).toBe('-------h-----h');
      expectClosed(answering).toBe('-----------------x', { code: 1006, by: 'local' });
      expectClosed(held).toBe('--------------x', { code: 1000, by: 'peer' });
    }));

  it('errors with what the answer cannot be told from', () =>
    runMarbles(({ connection, expectObservable }) => {
      const c = connection('-a');
      c.messages.subscribe();
      const failing = (): boolean => {
        throw new Error('no');
      };
      const beating = concat(of(c), NEVER).pipe(heartbeat({ ...config, expect: failing }), ignoreElements());
      expectObservable(beating).toBe('-#', {}, new Error('no'));
    }));
});
