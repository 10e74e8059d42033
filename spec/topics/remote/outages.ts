import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { filter, firstValueFrom } from 'rxjs';
import { text } from '../../../src/codecs/text.ts';
import type { Bus } from '../../../src/topics/Bus.ts';
import type { HistoryConfig } from '../../../src/topics/HistoryConfig.ts';
import { topics } from '../../../src/topics/topics.ts';
import type { OwnServer } from '../servers.ts';
import { listening } from './contract.ts';
import { freshPrefix } from '../servers.ts';

export interface OutageCase {
  server(): OwnServer;
  bus(config: { port: number; prefix: string; idleMs: number; history?: HistoryConfig }): Bus;
  /** Ends the connections of all clients; the server goes on. */
  cutOff?(port: number): Promise<unknown>;
}

/** What happens while the server is killed, and when it is back. */
export function outages(name: string, { server, bus, cutOff }: OutageCase): void {
  const node = (port: number, history?: HistoryConfig) => {
    const errors: { code: string }[] = [];
    const states: string[] = [];
    const rooms = topics({
      codec: text(),
      bus: bus({
        port,
        prefix: freshPrefix(),
        idleMs: 20,
        ...(history && { history }),
      }),
      onError: (error) => errors.push(error as { code: string }),
    });
    rooms.state.subscribe((state) => states.push(state));
    const is = (state: string) => firstValueFrom(rooms.state.pipe(filter((now) => now === state)));
    return { rooms, errors, states, is };
  };

  describe(`${name}, when the server is killed`, () => {
    it('says what is not published, renews what it subscribed to, and says what was missed', async () => {
      await using own = server();
      expect(await own.start()).toBe(true);
      const { rooms, errors, is } = node(own.port);
      const [a, b] = [await listening(rooms, 'a'), await listening(rooms, 'b')];
      const gaps: string[] = [];
      rooms.gaps.subscribe(({ topic, awayMs }) => gaps.push(`${topic} ${awayMs > 0}`));
      rooms.publish('a', 'before');
      expect(await a.next(1)).toEqual(['before']);
      await own.kill();
      await is('lost');
      expect(rooms.publish('a', 'lost')).toBe(false);
      expect(errors).toMatchObject([{ code: 'BUS' }]);
      expect(await own.start()).toBe(true);
      await is('open');
      rooms.publish('b', 'after');
      rooms.publish('a', 'after');
      expect(await a.next(1)).toEqual(['after']);
      expect(await b.next(1)).toEqual(['after']);
      expect(gaps.sort()).toEqual(['a true', 'b true']);
      a.subscription.unsubscribe();
      b.subscription.unsubscribe();
      await is('idle');
    }, 30_000);

    it('under load: each message arrives once, or is said to have failed', async () => {
      await using own = server();
      expect(await own.start()).toBe(true);
      const { rooms, errors, is, states } = node(own.port);
      const a = await listening(rooms, 'a');
      let published = 0;
      const stop = new AbortController();
      const load = (async () => {
        while (!stop.signal.aborted) {
          for (let i = 0; i < 20; i++) rooms.publish('a', String(published++));
          await wait(1);
        }
      })();
      await a.next(100);
      for (let i = 0; i < 2; i++) {
        await own.kill();
        await is('lost');
        await own.start();
        await is('open');
      }
      stop.abort();
      await load;
      rooms.publish('a', 'end');
      const got = ['0'];
      while (got.at(-1) !== 'end') got.push(...(await a.next(1)));
      const failed = errors.filter(({ code }) => code === 'BUS').length;
      const numbers = got.slice(1, -1).map(Number);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(numbers).toEqual([...numbers].sort((x, y) => x - y));
      // What was on its way may have arrived and be said to have failed; nothing is neither.
      expect(numbers.length + 100 + failed).toBeGreaterThanOrEqual(published);
      expect(states.filter((state) => state === 'lost').length).toBeGreaterThanOrEqual(2);
      a.subscription.unsubscribe();
    }, 30_000);

    it('is lost where it was never reached, and found when it is there', async () => {
      await using own = server();
      expect(await own.start()).toBe(true);
      await own.kill();
      const { rooms, errors, is } = node(own.port);
      const got: string[] = [];
      const subscription = rooms.messages('a').subscribe(({ value }) => got.push(value));
      expect(rooms.publish('a', 'waits')).toBe(true);
      await is('lost');
      expect(errors).toMatchObject([{ code: 'BUS' }]);
      await own.start();
      await is('open');
      const b = await listening(rooms, 'a');
      rooms.publish('a', 'x');
      await b.next(1);
      expect(got).toEqual(['x']);
      subscription.unsubscribe();
      b.subscription.unsubscribe();
    }, 30_000);

    it('tells a gap where the history was lost with it', async () => {
      await using own = server();
      expect(await own.start()).toBe(true);
      const { rooms, is } = node(own.port, { length: 100 });
      const all = await listening(rooms, 'a', '0', () => 'gap');
      let last: string | undefined;
      const ids = rooms.messages('a').subscribe(({ id }) => (last = id));
      rooms.publish('a', 'before');
      expect(await all.next(1)).toEqual(['before']);
      ids.unsubscribe();
      await own.kill();
      await is('lost');
      await own[Symbol.asyncDispose]();
      await using fresh = server();
      fresh.port = own.port;
      await fresh.start();
      await is('open');
      rooms.publish('a', 'after');
      expect(await all.next(2)).toEqual(['gap', 'after']);
      const back = await listening(rooms, 'a', last, () => 'gap');
      expect(await back.next(2)).toEqual(['gap', 'after']);
      back.subscription.unsubscribe();
      all.subscription.unsubscribe();
    }, 30_000);

    if (cutOff !== undefined)
      it('fills what was missed while it was cut off, from the history', async () => {
        await using own = server();
        expect(await own.start()).toBe(true);
        const { rooms, errors, is } = node(own.port, { length: 5_000 });
        const a = await listening(rooms, 'a');
        rooms.publish('a', '0');
        await a.next(1);
        let published = 1;
        for (let cut = 0; cut < 3; cut++) {
          for (let i = 0; i < 100; i++) rooms.publish('a', String(published++));
          await cutOff(own.port);
          await is('lost');
          await is('open');
        }
        rooms.publish('a', 'end');
        const got: string[] = [];
        while (got.at(-1) !== 'end') got.push(...(await a.next(1)));
        const numbers = got.slice(0, -1).map(Number);
        expect(new Set(numbers).size).toBe(numbers.length);
        expect(numbers).toEqual([...numbers].sort((x, y) => x - y));
        expect(numbers.length + errors.length).toBeGreaterThanOrEqual(published - 1);
        a.subscription.unsubscribe();
      }, 30_000);
  });
}
