import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { filter, firstValueFrom } from 'rxjs';
import { text } from '../../../src/codecs/text.ts';
import type { Bus } from '../../../src/topics/Bus.ts';
import type { Gap } from '../../../src/topics/Gap.ts';
import type { HistoryConfig } from '../../../src/topics/HistoryConfig.ts';
import { topics } from '../../../src/topics/topics.ts';
import { Proxy } from '../Proxy.ts';
import type { OwnServer } from '../servers.ts';
import { until } from '../until.ts';
import { listening } from './contract.ts';
import { freshPrefix } from '../servers.ts';

export interface UnreachableCase {
  server(): OwnServer;
  bus(config: {
    port: number;
    prefix: string;
    idleMs: number;
    history?: HistoryConfig;
    maxPendingBytes?: number;
  }): Bus;
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => String(from + i));

/** The server lives, and one node does not reach it, while another publishes. */
export function unreachable(name: string, { server, bus }: UnreachableCase): void {
  const started = async (config: { history?: HistoryConfig; maxPendingBytes?: number } = {}) => {
    const own = server();
    expect(await own.start()).toBe(true);
    const proxy = await new Proxy(own.port).start();
    const prefix = freshPrefix();
    const buses: Bus[] = [];
    const node = (port: number) => {
      const made = bus({ port, prefix, idleMs: 60_000, ...config });
      buses.push(made);
      const errors: unknown[] = [];
      const rooms = topics({ codec: text(), bus: made, onError: (error) => errors.push(error) });
      const is = (state: string) => firstValueFrom(rooms.state.pipe(filter((now) => now === state)));
      const gaps: Gap[] = [];
      rooms.gaps.subscribe((gap) => gaps.push(gap));
      return { rooms, errors, is, gaps };
    };
    const end = {
      [Symbol.asyncDispose]: async () => {
        own.go();
        for (const each of buses) await each.close();
        await proxy[Symbol.asyncDispose]();
        await own[Symbol.asyncDispose]();
      },
    };
    return { own, proxy, here: node(proxy.port), there: node(own.port), end };
  };
  /** Both nodes are there, and `here` has one message. */
  const begun = async (
    { here, there }: Pick<Awaited<ReturnType<typeof started>>, 'here' | 'there'>,
    gap?: () => string,
  ) => {
    const [far, near] = [await listening(there.rooms, 'a'), await listening(here.rooms, 'a', undefined, gap)];
    there.rooms.publish('a', 'there');
    await far.next(1);
    here.rooms.publish('a', 'begin');
    await far.next(1);
    for (let found = ''; found !== 'begin';) [found = ''] = await near.next(1);
    return { far, near };
  };

  describe(`${name}, where it is not reached`, () => {
    it('for less than the history: nothing is lost, and nothing comes twice, under load', async () => {
      const { proxy, here, there, end } = await started({ history: { length: 100_000 } });
      await using _ = end;
      const { near } = await begun({ here, there });
      let published = 0;
      let isOver = false;
      const load = (async () => {
        while (!isOver) {
          for (let i = 0; i < 3; i++) there.rooms.publish('a', String(published++));
          await turn();
          await firstValueFrom(there.rooms.writable.pipe(filter((writable) => writable)));
        }
        there.rooms.publish('a', 'end');
      })();
      const more = async (count: number): Promise<void> => {
        const from = published;
        await until(() => published > from + count);
      };
      const late: { messages: Awaited<ReturnType<typeof listening<string>>>; first: number }[] = [];
      for (let cut = 0; cut < 3; cut++) {
        await more(100);
        proxy.cut();
        await here.is('lost');
        await more(600);
        // Who comes while it is lost has a history to read too.
        const got: string[] = [];
        const subscription = here.rooms
          .messages('a', { since: '0' })
          .subscribe(({ value }) => got.push(value));
        proxy.mend();
        await here.is('open');
        await until(() => got.length > 700);
        subscription.unsubscribe();
        expect(got.slice(2)).toEqual(numbers(0, got.length - 2));
        late.push({ messages: await listening(here.rooms, 'a', '0'), first: published });
      }
      isOver = true;
      await load;
      expect(await near.next(published + 1)).toEqual([...numbers(0, published), 'end']);
      for (const { messages } of late)
        expect(await messages.next(published + 3)).toEqual([
          ...['there', 'begin'],
          ...numbers(0, published),
          'end',
        ]);
      expect([here.gaps, here.errors, there.errors]).toEqual([[], [], []]);
    }, 60_000);

    it('for longer than the history is long: a gap, in its place, and all that is kept, in order', async () => {
      const { proxy, here, there, end } = await started({ history: { length: 20 } });
      await using _ = end;
      const { far, near } = await begun({ here, there }, () => 'gap');
      const last = firstValueFrom(
        here.rooms.messages('a', { since: '0' }).pipe(filter(({ value }) => value === 'begin')),
      );
      const { id: after } = await last;
      proxy.cut();
      await here.is('lost');
      for (const each of numbers(0, 50)) there.rooms.publish('a', each);
      await far.next(50);
      const back = await Promise.all([
        listening(there.rooms, 'a', after, () => 'gap'),
        (proxy.mend(), here.is('open')),
      ]);
      const expected = ['gap', ...numbers(30, 50)];
      expect(await near.next(21)).toEqual(expected);
      expect(await back[0].next(21)).toEqual(expected);
      there.rooms.publish('a', 'live');
      expect(await near.next(1)).toEqual(['live']);
      expect(here.gaps).toEqual([{ topic: 'a', after, awayMs: expect.any(Number) }]);
      expect(here.gaps[0]!.awayMs).toBeGreaterThan(0);
      expect(here.errors).toEqual([]);
    }, 30_000);

    it('for longer than it is kept: a gap too', async () => {
      const { proxy, here, there, end } = await started({ history: { length: 100, maxAgeMs: 1 } });
      await using _ = end;
      const { far, near } = await begun({ here, there }, () => 'gap');
      proxy.cut();
      await here.is('lost');
      for (const each of numbers(0, 5)) there.rooms.publish('a', each);
      await far.next(5);
      proxy.mend();
      await here.is('open');
      expect(await near.next(1)).toEqual(['gap']);
      there.rooms.publish('a', 'live');
      expect(await near.next(1)).toEqual(['live']);
      expect(here.gaps).toHaveLength(1);
    }, 30_000);

    it('without a history: a gap each time, and then what comes', async () => {
      const { proxy, here, there, end } = await started();
      await using _ = end;
      const { near } = await begun({ here, there }, () => 'gap');
      for (let cut = 1; cut < 4; cut++) {
        proxy.cut();
        await here.is('lost');
        expect(here.rooms.publish('a', 'not taken')).toBe(false);
        proxy.mend();
        await here.is('open');
        here.rooms.publish('a', `after ${cut}`);
        expect(await near.next(2)).toEqual(['gap', `after ${cut}`]);
        expect(here.gaps).toHaveLength(cut);
        // What had arrived, and was not answered yet, is said too.
        expect(here.errors.length).toBeGreaterThanOrEqual(cut);
      }
    }, 30_000);

    it('since the server stands still: what may wait is bounded, the rest is said, and what was taken arrives', async () => {
      const { own, here, there, end } = await started({ maxPendingBytes: 20_000 });
      await using _ = end;
      const { near } = await begun({ here, there });
      own.stop();
      const taken: string[] = [];
      for (const each of numbers(0, 1_000)) if (here.rooms.publish('a', each)) taken.push(each);
      expect(taken.length).toBeLessThan(200);
      expect(here.errors).toHaveLength(1_000 - taken.length);
      expect(here.errors.at(-1)).toMatchObject({ code: 'OVERFLOW' });
      own.go();
      expect(await near.next(taken.length)).toEqual(taken);
      await firstValueFrom(here.rooms.writable.pipe(filter((writable) => writable)));
      expect(here.errors).toHaveLength(1_000 - taken.length);
    }, 30_000);
  });
}
