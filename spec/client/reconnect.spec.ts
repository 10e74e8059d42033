import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  concat,
  defer,
  EMPTY,
  firstValueFrom,
  lastValueFrom,
  map,
  NEVER,
  type Observable,
  of,
  queueScheduler,
  type SchedulerLike,
  switchMap,
  take,
  tap,
  throwError,
  timer,
  toArray,
  VirtualTimeScheduler,
} from 'rxjs';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { WebSocketServer } from 'ws';
import { connect } from '../../src/client/connect.ts';
import { reconnect } from '../../src/client/reconnect.ts';
import type { ReconnectConfig } from '../../src/client/ReconnectConfig.ts';
import { surroundings } from '../../src/core/surroundings.ts';
import { ended, refused } from './failures.ts';
import { leavesNothing } from './leavesNothing.ts';
import { stagedPage } from './stagedPage.ts';
import { wsServer } from './wsServer.ts';

const { random } = surroundings;
beforeEach(() => {
  surroundings.random = () => 1;
});
afterEach(() => {
  surroundings.random = random;
});

const run = (body: (helpers: RunHelpers) => void): void =>
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(body);
/** One source after another, a new one for each subscription; then none that ends. */
const attempts = <T>(...sources: readonly Observable<T>[]): Observable<T> => {
  let next = 0;
  return defer(() => sources[next++] ?? NEVER);
};

describe('reconnect', () => {
  const config = { initialMs: 10 };

  it('never', () =>
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-');
      expectObservable(source.pipe(reconnect(config))).toBe('-');
      expectSubscriptions(source.subscriptions).toBe('^');
    }));

  it('empty: completes, and does not come back', () =>
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('---|');
      expectObservable(source.pipe(reconnect(config))).toBe('---|');
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }));

  it('one, and many: as they come', () =>
    run(({ cold, expectObservable }) => {
      expectObservable(cold('-a-(bc)-|').pipe(reconnect(config))).toBe('-a-(bc)-|');
    }));

  it('error that may pass: comes back after the wait', () =>
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('  --a-#', undefined, ended());
      const second = cold('               --b-|');
      const expected = '    --a- 10ms     --b-|';
      expectObservable(attempts(first, second).pipe(reconnect(config))).toBe(expected);
      expectSubscriptions(first.subscriptions).toBe(' ^---!');
      expectSubscriptions(second.subscriptions).toBe('---- 10ms ^---!');
    }));

  it('error that stays: passes it on', () =>
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-#', undefined, refused(401));
      expectObservable(source.pipe(reconnect(config))).toBe('-a-#', undefined, refused(401));
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }));

  it('waits longer each time, and passes on the last error of the last attempt', () =>
    run(({ cold, expectObservable }) => {
      const errors = [ended(), refused(), refused(503), ended({ code: 1012, by: 'peer' })];
      const sources = errors.map((error) => cold('-#', undefined, error));
      const result = attempts(...sources).pipe(reconnect({ ...config, attempts: 3 }));
      expectObservable(result).toBe('- 10ms - 20ms - 40ms -#', {}, errors[3]);
    }));

  it('early unsubscribe: ends the source, or the wait', () =>
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('-a----#', undefined, ended());
      const second = cold('b');
      const result = attempts(first, second).pipe(reconnect(config));
      expectObservable(result, '^--!').toBe('-a--');
      expectSubscriptions(first.subscriptions).toBe('^--!');
      expectSubscriptions(second.subscriptions).toBe([]);

      const third = cold('-#', undefined, ended());
      const fourth = cold('b');
      expectObservable(attempts(third, fourth).pipe(reconnect(config)), '^----!').toBe('-----');
      expectSubscriptions(fourth.subscriptions).toBe([]);
    }));

  it('reentrant: an error inside `subscribe` is waited for too, and does not recurse', () => {
    let subscriptions = 0;
    run(({ expectObservable }) => {
      const source = defer(() => (++subscriptions < 4 ? throwError(() => ended()) : of('a')));
      expectObservable(source.pipe(reconnect(config))).toBe('10ms 20ms 40ms (a|)');
    });
    expect(subscriptions).toBe(4);
  });

  it('counts for each subscription alone', () =>
    run(({ cold, expectObservable }) => {
      const result = cold('-#', undefined, ended()).pipe(reconnect({ ...config, attempts: 1 }));
      expectObservable(result).toBe('       - 10ms -#', {}, ended());
      expectObservable(result, '20ms ^').toBe('20ms - 10ms -#', {}, ended());
    }));

  it.each([
    ['lost', ended(), 250],
    ['a server that restarts', ended({ code: 1012, by: 'peer', wasClean: true }), 250],
    ['a server that was not reached', refused(), 250],
    ['a busy server', refused(503), 250],
    ['a busy server that says for how long', refused(503, { 'retry-after': '2' }), 2_250],
    ['asked too often', refused(429, { 'retry-after': '1' }), 1_250],
    [
      'a date, by the clock of the scheduler',
      refused(503, { 'retry-after': new Date(8_000).toUTCString() }),
      8_000 - 1 + 250,
    ],
    ['closed well', ended({ code: 1000, by: 'peer', wasClean: true }), undefined],
    ['sent away', ended({ code: 4401, by: 'peer', wasClean: true }), undefined],
    ['against the rules', ended({ code: 1008, by: 'peer', wasClean: true }), undefined],
    ['a codec refused', ended({ code: 1007, by: 'local' }), undefined],
    ['not allowed', refused(403), undefined],
    ['an error of the pipeline', new Error('mine'), undefined],
  ])('in time: %s', (_, error, delayMs) => {
    run(({ cold, expectObservable }) => {
      const result = attempts(cold('-#', undefined, error), cold('(a|)')).pipe(reconnect());
      if (delayMs === undefined) expectObservable(result).toBe('-#', {}, error);
      else expectObservable(result).toBe(`- ${delayMs}ms (a|)`);
    });
  });

  it('grows where a server accepts and drops at once, for ever; and no more after a stable connection', () =>
    run(({ cold, expectObservable }) => {
      const connections = [
        cold('a-#', undefined, ended({ openMs: 2 })),
        cold('b-#', undefined, ended({ openMs: 2 })),
        cold('c 5s #', undefined, ended({ openMs: 5_000 })),
        cold('d'),
      ];
      const expected = 'a- 10ms b- 20ms c 5s 10ms d';
      // As the operator stands behind others it sees nothing of a connection but its error.
      const behind = attempts(...connections).pipe(switchMap((name) => of(name)));
      expectObservable(behind.pipe(reconnect(config))).toBe(expected);
    }));

  it('stands behind the operator that flattens, or before it', () => {
    const dialled = (helpers: RunHelpers): Observable<string> => {
      const connections = [helpers.cold('c--#', undefined, ended()), helpers.cold('d---|')];
      return attempts(...connections);
    };
    const messages = switchMap((name: string) => concat(timer(2).pipe(map(() => name)), NEVER));
    run((helpers) => {
      helpers
        .expectObservable(dialled(helpers).pipe(messages, reconnect(config), take(2)))
        .toBe('--c 10ms --(d|)');
    });
    run((helpers) => {
      helpers
        .expectObservable(dialled(helpers).pipe(reconnect(config), messages, take(2)))
        .toBe('--c 10ms --(d|)');
    });
  });

  it('takes all time from its scheduler', () => {
    const scheduler = new VirtualTimeScheduler();
    const seen: unknown[] = [];
    attempts(
      throwError(() => ended()),
      of('a'),
    )
      .pipe(reconnect({ scheduler }))
      .subscribe((value) => seen.push(value, scheduler.now()));
    scheduler.flush();
    expect(seen).toEqual(['a', 250]);
    const queued: SchedulerLike = { now: () => 0, schedule: queueScheduler.schedule.bind(queueScheduler) };
    attempts(
      throwError(() => ended()),
      of('b'),
    )
      .pipe(reconnect({ initialMs: 0, scheduler: queued }))
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual(['a', 250, 'b']);
  });

  it('errors with what `when` throws', () => {
    const bug = new Error('bug');
    const when = (): boolean => {
      throw bug;
    };
    run(({ cold, expectObservable }) => {
      expectObservable(cold('-#', undefined, ended()).pipe(reconnect({ when }))).toBe('-#', {}, bug);
    });
  });

  describe('where the platform is offline', () => {
    const page = stagedPage();
    const lost = (helpers: RunHelpers): Observable<string> =>
      attempts(helpers.cold<string>('-#', undefined, ended()), helpers.cold('a-')).pipe(reconnect(config));

    it('waits until it is online', () =>
      run((helpers) => {
        helpers.cold('--x 50ms y', { x: page.goOffline, y: page.goOnline }).subscribe((act) => act());
        helpers.expectObservable(lost(helpers)).toBe('--- 50ms a');
      }));

    it('and waits no shorter, where it is online again soon', () =>
      run((helpers) => {
        helpers.cold('--x--y', { x: page.goOffline, y: page.goOnline }).subscribe((act) => act());
        helpers.expectObservable(lost(helpers)).toBe('- 10ms a');
      }));

    it('lets go on unsubscribe', () => {
      page.goOffline();
      run((helpers) => {
        helpers.expectObservable(lost(helpers), '^ 30ms !').toBe('-');
      });
      expect(page.listeners).toBe(0);
    });
  });

  describe('a restart of a server under 2,000 clients', () => {
    /** Dials, by when they were made: the server loses all at 0, is down for 8 s, and then takes everybody. */
    function histogram(bucketMs: number): { dials: number[]; most: number; back: number } {
      let seed = 1;
      surroundings.random = () => (seed = (seed * 48_271) % 0x7fff_ffff) / 0x7fff_ffff;
      const scheduler = new VirtualTimeScheduler();
      const dials: number[] = [];
      let most = 0;
      let back = 0;
      for (let client = 0; client < 2_000; client++) {
        let own = 0;
        defer(() => {
          if (own++ === 0) return throwError(() => ended({ openMs: 60_000 }));
          const bucket = Math.floor(scheduler.now() / bucketMs);
          dials[bucket] = (dials[bucket] ?? 0) + 1;
          if (scheduler.now() < 8_000) return throwError(() => refused());
          most = Math.max(most, own);
          back++;
          return EMPTY;
        })
          .pipe(reconnect({ scheduler }))
          .subscribe();
      }
      scheduler.flush();
      return { dials: Array.from(dials, (count) => count ?? 0), most, back };
    }

    it('is spread, and no storm', () => {
      const { dials, most, back } = histogram(50);
      expect(back).toBe(2_000);
      // The first wait is at most 250 ms: a fifth of all in 50 ms, and hardly more from those that come again.
      expect(Math.max(...dials)).toBeLessThan(800);
      // When the server comes back, and ever after: no second with more than a quarter of all.
      const perSecond = Array.from({ length: 30 }, (_, second) =>
        dials.slice(second * 20, second * 20 + 20).reduce((sum, count) => sum + count, 0),
      );
      expect(Math.max(...perSecond.slice(8))).toBeLessThan(500);
      expect(perSecond.slice(0, 4).every((count, i) => i === 0 || count < perSecond[i - 1]!)).toBe(true);
      // Nobody asks for ever while it is down.
      expect(most).toBeLessThan(20);
    });
  });

  describe('over the wire', () => {
    it('comes back to a server that was restarted, and leaves nothing', async () => {
      surroundings.random = () => 0.01;
      await leavesNothing(async () => {
        const serve = async (port: number, name: string): Promise<WebSocketServer> => {
          const server = new WebSocketServer({ host: '127.0.0.1', port });
          server.on('connection', (ws) => ws.send(name));
          await once(server, 'listening');
          return server;
        };
        const first = await serve(0, 'first');
        const { port } = first.address() as AddressInfo;
        let second: Promise<WebSocketServer> | undefined;
        const restart = async (): Promise<WebSocketServer> => {
          for (const ws of first.clients) ws.terminate();
          first.close();
          await once(first, 'close');
          return serve(port, 'second');
        };
        const names = connect(`ws://127.0.0.1:${port}/`).pipe(
          switchMap(({ text }) => text),
          reconnect(),
          tap((name) => {
            if (name === 'first') second = restart();
          }),
          take(2),
          toArray(),
        );
        expect(await lastValueFrom(names)).toEqual(['first', 'second']);
        const server = await second!;
        server.close();
        await once(server, 'close');
      });
    });

    it('asks a function for the config at each attempt', async () => {
      surroundings.random = () => 0.01;
      const tokens: unknown[] = [];
      await using server = await wsServer((ws, { headers }) => {
        tokens.push(headers['authorization']);
        if (tokens.length < 3) ws.close(1012);
        else ws.send('welcome');
      });
      let asked = 0;
      const config = async (): Promise<{ url: string; headers: Record<string, string> }> => ({
        url: server.url,
        headers: { authorization: `token ${++asked}` },
      });
      const text = connect(config).pipe(
        switchMap((connection) => connection.text),
        reconnect(),
      );
      expect(await firstValueFrom(text)).toBe('welcome');
      expect(tokens).toEqual(['token 1', 'token 2', 'token 3']);
    });

    it('does not come back to a server that refuses', async () => {
      const verifyClient = jest.fn((_info: unknown, done: (ok: boolean, code: number) => void) =>
        done(false, 401),
      );
      await using server = await wsServer(undefined, { verifyClient });
      await expect(lastValueFrom(connect(server.url).pipe(reconnect<unknown>()))).rejects.toMatchObject({
        code: 'HANDSHAKE',
        status: 401,
      });
      expect(verifyClient).toHaveBeenCalledTimes(1);
    });
  });
});

/** The types hold too: `config` may be left out, or be one that was made elsewhere. */
export const typed: ReconnectConfig = { when: (_error, byDefault) => byDefault };
