import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { filter, firstValueFrom, take, timeout, toArray } from 'rxjs';
import { binary } from '../../../src/codecs/binary.ts';
import { json } from '../../../src/codecs/json.ts';
import { text } from '../../../src/codecs/text.ts';
import type { Data } from '../../../src/core/Data.ts';
import { contracts } from '../../codecs/schemas.ts';
import type { Bus } from '../../../src/topics/Bus.ts';
import type { HistoryConfig } from '../../../src/topics/HistoryConfig.ts';
import { isAfter } from '../../../src/topics/ids.ts';
import { type Topics, topics } from '../../../src/topics/topics.ts';

import { until } from '../until.ts';
import { names } from './names.ts';
import { freshPrefix } from '../servers.ts';

/** What is asked of a bus over a server. */
export interface BusCase {
  bus(config: { prefix: string; history?: HistoryConfig; maxPendingBytes?: number; idleMs?: number }): Bus;
  /** How many subscriptions the server has for a topic; undefined where it does not tell. */
  subscriptionsOf?(prefix: string, topic: string): Promise<number>;
  /** Publishes as another program would. */
  publishForeign(prefix: string, topic: string, payload: string): Promise<unknown>;
  hasPatterns: boolean;
  /** Topics are at several servers: each has its order, and two have none between them. */
  isSpread?: boolean;
}

const ODD = [
  '',
  '*',
  'room:*',
  ':',
  '::a',
  '?',
  '[a]',
  '>',
  'a.b',
  '.',
  ' ',
  '\0\r\n',
  '__proto__',
  '{a}',
  '%7B',
  '=2A',
  '👩‍👩‍👧',
];
const LONG = 'ü'.repeat(512);

/** The messages of a topic, once it stands: `next(n)` are the next n. */
export async function listening<T>(rooms: Topics<T>, topic: string, since?: string, gap?: () => T) {
  const got: T[] = [];
  const ids: (string | undefined)[] = [];
  let last: string | undefined;
  const waiting: (() => void)[] = [];
  let failed: { error: unknown } | undefined;
  const look = (): void => waiting.forEach((each) => each());
  const subscription = rooms.messages(topic, { since, ...(gap && { gap }) }).subscribe({
    next: ({ value, id }) => {
      got.push(value);
      ids.push(id);
      look();
    },
    error: (error: unknown) => {
      failed = { error };
      look();
    },
  });
  const next = async (count: number): Promise<T[]> => {
    await new Promise<void>((done, broke) => {
      waiting.push(() => {
        if (got.length >= count) done();
        else if (failed !== undefined) broke(failed.error as Error);
      });
      look();
    });
    waiting.length = 0;
    last = ids.splice(0, count).at(-1);
    return got.splice(0, count);
  };
  await firstValueFrom(rooms.state.pipe(filter((state) => state === 'open')));
  /** The id of what `next` gave last. */
  const lastId = (): string => last!;
  return { got, next, lastId, subscription };
}

/** Reads until it has come. */
export async function heard(
  { next }: { next(count: number): Promise<string[]> },
  message: string,
): Promise<void> {
  for (let got = ''; got !== message;) [got = ''] = await next(1);
}

export function busContract(
  title: string,
  { bus, subscriptionsOf, publishForeign, hasPatterns, isSpread = false }: BusCase,
): void {
  const nodes = (config: Partial<Parameters<BusCase['bus']>[0]> = {}) => {
    const prefix = freshPrefix();
    const errors: unknown[] = [];
    const node = () =>
      topics({
        codec: text(),
        bus: bus({ prefix, idleMs: 20, ...config }),
        onError: (error) => errors.push(error),
      });
    return { prefix, errors, one: node(), two: node() };
  };
  /** All that `one` has published until now has arrived. */
  const idle = (rooms: Topics<string>) =>
    firstValueFrom(rooms.state.pipe(filter((state) => state === 'idle')));

  describe(title, () => {
    it('carries each message to each node once, in order', async () => {
      const { one, two, errors } = nodes();
      const [a, b] = [await listening(one, 'a'), await listening(two, 'a')];
      const twice = await listening(two, 'a');
      two.publish('a', 'ready');
      await Promise.all([a.next(1), b.next(1), twice.next(1)]);
      const sent = Array.from({ length: 500 }, (_, i) => `message ${i}`);
      for (const each of sent) expect(one.publish('a', each)).toBe(true);
      one.publish('a', 'end');
      for (const each of [a, b, twice]) {
        expect(await each.next(501)).toEqual([...sent, 'end']);
        each.subscription.unsubscribe();
      }
      expect(errors).toEqual([]);
    });

    it('carries to who subscribed before in the same process, at once', async () => {
      const { one } = nodes();
      const got = firstValueFrom(one.messages('a'));
      one.publish('a', 'x');
      expect(await got).toMatchObject({ value: 'x', topic: 'a' });
    });

    it('carries every topic, whatever is in its name', async () => {
      const { one } = nodes();
      const topicsOf = [...ODD, LONG];
      const got = topicsOf.map((topic) => firstValueFrom(one.messages(topic)));
      topicsOf.forEach((topic, at) => one.publish(topic, String(at)));
      const found = (await Promise.all(got)).map(({ topic, value }) => ({ topic, value }));
      expect(found).toEqual(topicsOf.map((topic, at) => ({ topic, value: String(at) })));
    });

    names(bus, hasPatterns);

    it(hasPatterns ? 'carries patterns' : 'has no patterns, and says so', async () => {
      const { one } = nodes();
      const matching = firstValueFrom(one.messages({ pattern: 'room:*' }).pipe(take(3), toArray()));
      if (!hasPatterns) {
        await expect(matching).rejects.toMatchObject({ code: 'BUS' });
        // Nor does it keep the topics from who listens.
        const got = firstValueFrom(one.messages('a').pipe(take(2), toArray(), timeout(4_000)));
        one.publish('a', '1');
        await expect(firstValueFrom(one.messages({ pattern: '*' }))).rejects.toMatchObject({ code: 'BUS' });
        one.publish('a', '2');
        expect((await got).map(({ value }) => value)).toEqual(['1', '2']);
        return;
      }
      const all = firstValueFrom(one.messages({ pattern: '*' }).pipe(take(6), toArray()));
      for (const topic of ['room:a', 'rooms', 'room', 'room:*', 'Room:a', 'room:a:b?'])
        one.publish(topic, topic);
      const topicsOf = (found: readonly { topic: string }[]): string[] => found.map(({ topic }) => topic);
      const inOrder = ['room:a', 'room:*', 'room:a:b?'];
      expect(topicsOf(await matching)).toEqual(isSpread ? expect.arrayContaining(inOrder) : inOrder);
      expect(topicsOf(await all)).toHaveLength(6);
    });

    it('carries bytes, and values', async () => {
      const prefix = freshPrefix();
      const bytes = topics({ codec: binary(), bus: bus({ prefix, idleMs: 20 }) });
      const got = firstValueFrom(bytes.messages('a'));
      bytes.publish('a', new Uint8Array([0, 10, 13, 255]));
      expect([...(await got).value]).toEqual([0, 10, 13, 255]);
      const values = topics({ codec: json<never, { a: string }>(), bus: bus({ prefix, idleMs: 20 }) });
      const value = firstValueFrom(values.messages('b'));
      values.publish('b', { a: '\n' });
      expect((await value).value).toEqual({ a: '\n' });
    });

    it.each(contracts)('carries a contract of %s, and leaves out what does not fit', async (_, server) => {
      const { one, two, prefix } = nodes();
      const errors: unknown[] = [];
      const typed = topics({
        codec: server,
        bus: bus({ prefix, idleMs: 20 }),
        onError: (error) => errors.push(error),
      });
      const got = await listening(typed, 'a');
      typed.publish('a', { type: 'ok' });
      expect(await got.next(1)).toEqual([{ type: 'ok' }]);
      // Another version of the program says what this one does not know.
      for (const wrong of ['{"type":"sad"}', '{"type":"said"}', 'no JSON']) two.publish('a', wrong);
      two.publish('a', '{"type":"said","text":"x"}');
      expect(await got.next(1)).toEqual([{ type: 'said', text: 'x' }]);
      expect(errors).toEqual(Array(3).fill(expect.objectContaining({ code: 'BUS' })));
      expect(errors).toEqual(
        Array(3).fill(expect.objectContaining({ cause: expect.objectContaining({ code: 'DECODE' }) })),
      );
      got.subscription.unsubscribe();
      expect(await idle(one)).toBe('idle');
    });

    if (subscriptionsOf)
      it('is one subscription of a topic and node, and none when the last has left', async () => {
        const { one, two, prefix } = nodes();
        const listeners = [];
        for (let i = 0; i < 5; i++) listeners.push(await listening(one, 'a'));
        listeners.push(await listening(two, 'a'));
        one.publish('a', 'x');
        for (const each of listeners) await each.next(1);
        expect(await subscriptionsOf(prefix, 'a')).toBe(2);
        for (const { subscription } of listeners) subscription.unsubscribe();
        await Promise.all([idle(one), idle(two)]);
        expect(await subscriptionsOf(prefix, 'a')).toBe(0);
      });

    it('leaves out what another program publishes, and says so', async () => {
      const { one, errors, prefix } = nodes();
      const a = await listening(one, 'a');
      one.publish('a', 'ready');
      await a.next(1);
      for (const payload of ['', 'hello', '{"a":1}', 'rxws1']) await publishForeign(prefix, 'a', payload);
      one.publish('a', 'ours');
      expect(await a.next(1)).toEqual(['ours']);
      expect(errors).toHaveLength(4);
      expect(errors).toEqual(Array(4).fill(expect.objectContaining({ code: 'BUS' })));
      a.subscription.unsubscribe();
    });

    it('takes no more than may wait: what it does not take is said, and all else arrives', async () => {
      const { one, errors } = nodes({ maxPendingBytes: 20_000 });
      const a = await listening(one, 'a');
      const taken: string[] = [];
      for (let i = 0; i < 1_000; i++) if (one.publish('a', `${i}`)) taken.push(`${i}`);
      expect(taken.length).toBeLessThan(300);
      expect(errors).toHaveLength(1_000 - taken.length);
      expect(errors[0]).toMatchObject({ code: 'OVERFLOW' });
      await firstValueFrom(one.writable.pipe(filter((writable) => writable)));
      expect(one.publish('a', 'end')).toBe(true);
      expect(await a.next(taken.length + 1)).toEqual([...taken, 'end']);
      a.subscription.unsubscribe();
    });

    it('is paced by writable: all that is published arrives, however fast it is', async () => {
      const { one, two, errors } = nodes({ maxPendingBytes: 20_000 });
      const a = await listening(two, 'a');
      two.publish('a', 'begin');
      await a.next(1);
      for (let i = 0; i < 5_000; i++) {
        expect(one.publish('a', String(i))).toBe(true);
        await firstValueFrom(one.writable.pipe(filter((writable) => writable)));
      }
      expect(await a.next(5_000)).toEqual(Array.from({ length: 5_000 }, (_, i) => String(i)));
      expect(errors).toEqual([]);
      a.subscription.unsubscribe();
    }, 30_000);

    it('opens and closes topics without end, and keeps none', async () => {
      const { one, errors } = nodes();
      const kept = await listening(one, 'kept');
      for (let i = 0; i < 5_000; i++) {
        one.messages(`room:${i}`).subscribe().unsubscribe();
        if (i % 100 === 0) await turn();
      }
      one.publish('kept', 'x');
      expect(await kept.next(1)).toEqual(['x']);
      kept.subscription.unsubscribe();
      expect(errors).toEqual([]);
    });

    it('tells who comes back what it missed: nothing lost, nothing twice', async () => {
      const { one, two, errors } = nodes({ history: { length: 2_000 } });
      const first = await listening(one, 'a');
      for (let i = 0; i < 10; i++) one.publish('a', `${i}`);
      await first.next(6);
      const since = first.lastId();
      const numbers = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, i) => `${from + i}`);
      await first.next(4);
      for (let i = 10; i < 600; i++) one.publish('a', `${i}`);
      await first.next(590);
      // It comes back on the other node, while more is published.
      const back = await listening(two, 'a', since);
      for (let i = 600; i < 700; i++) {
        one.publish('a', `${i}`);
        if (i % 10 === 0) await turn();
      }
      expect(await back.next(694)).toEqual(numbers(6, 700));
      first.subscription.unsubscribe();
      back.subscription.unsubscribe();
      expect(errors).toEqual([]);
    });

    it('has one order, of ids that grow, at each node, however many publish at once', async () => {
      const { one, two, errors } = nodes({ history: { length: 10_000 } });
      const rooms = [one, two];
      const got = rooms.map((): { id: string; value: string }[] => []);
      const subscriptions = rooms.map((room, node) =>
        room.messages('a').subscribe(({ id, value }) => got[node]!.push({ id: id!, value })),
      );
      // A node hears itself once its subscription stands.
      for (const [node, room] of rooms.entries()) {
        room.publish('a', `begin ${node}`);
        await until(() => got[node]!.some(({ value }) => value === `begin ${node}`));
      }
      for (let i = 0; i < 3_000; i++) {
        for (const [node, room] of rooms.entries()) room.publish('a', `${node} ${i}`);
        if (i % 20 === 0) await turn();
      }
      await until(() => got.every((all) => all.filter(({ value }) => value.endsWith(' 2999')).length === 2));
      const [first, second] = got.map((all) => all.slice(-6_000)) as [{ id: string }[], unknown];
      expect(first).toEqual(second);
      expect(first.every(({ id }, at) => at === 0 || isAfter(id, first[at - 1]!.id))).toBe(true);
      for (const subscription of subscriptions) subscription.unsubscribe();
      expect(errors).toEqual([]);
    }, 30_000);

    it('tells a gap where the history does not go back so far', async () => {
      const { one, two, errors } = nodes({ history: { length: 5 } });
      const first = await listening(one, 'a');
      for (let i = 0; i < 10; i++) one.publish('a', `${i}`);
      await first.next(4);
      const fourth = first.lastId();
      await first.next(6);
      const tail = ['5', '6', '7', '8', '9'];
      const from = async (since: string, count: number): Promise<string[]> => {
        const { next, subscription } = await listening(two, 'a', since, () => 'gap');
        const found = await next(count);
        subscription.unsubscribe();
        return found;
      };
      expect(await from(fourth, 6)).toEqual(['gap', ...tail]);
      for (const since of ['1', '999999999999999', 'DROP TABLE', '-1', ' '])
        expect(await from(since, 6)).toEqual(['gap', ...tail]);
      expect(await from('0', 5)).toEqual(tail);
      expect(errors).toEqual([]);
      first.subscription.unsubscribe();
    });

    it('encodes once for all, and puts the id in', async () => {
      const prefix = freshPrefix();
      let encoded = 0;
      const codec = {
        ...json<never, { id?: string }>(),
        encode: (message: { id?: string }) => (encoded++, JSON.stringify(message)),
      };
      const node = topics({
        codec,
        bus: bus({ prefix, idleMs: 20, history: { length: 5 } }),
        withId: (message, id) => ({ ...message, id }),
      });
      const all = Array.from({ length: 20 }, () => firstValueFrom(node.messages('a')));
      node.publish('a', {});
      const messages = new Set(await Promise.all(all));
      expect(messages.size).toBe(1);
      const [{ value, id } = { value: {}, id: '' }] = messages;
      expect(value).toEqual({ id });
      // For the bus, and for those who get it.
      expect(encoded).toBe(2);
    });

    it('replays while more comes, whoever leaves, and whatever is published by who gets it', async () => {
      const { one, two, errors } = nodes({ history: { length: 10_000 } });
      const plain = await listening(one, 'a');
      const numbers = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, i) => String(from + i));
      for (const each of numbers(0, 600)) one.publish('a', each);
      await plain.next(300);
      const middle = plain.lastId();
      await plain.next(300);
      let published = 600;
      const seen: string[][] = [];
      const follow = (since: string, leavesAt: number | undefined) => {
        const got: string[] = [];
        const subscription = one.messages('a', { since }).subscribe(({ value }) => {
          got.push(value);
          // Inside the delivery, others come and go, and more is published.
          if (got.length % 100 === 0) {
            one.publish('a', String(published++));
            one.messages('a', { since: '0' }).subscribe().unsubscribe();
          }
          if (got.length === leavesAt) subscription.unsubscribe();
        });
        seen.push(got);
        return subscription;
      };
      const all = [follow('0', undefined), follow(middle, undefined)];
      follow('0', 10);
      follow('0', 300);
      follow(middle, 257);
      for (let i = 0; i < 50; i++) {
        one.publish('a', String(published++));
        await turn();
      }
      const [whole, half, ten, more, few] = seen as [string[], string[], string[], string[], string[]];
      // What is published in the last deliveries is delivered too.
      await until(() => whole.length >= published && half.length >= published - 300);
      await until(() => few.length === 257 && more.length === 300);
      const sorted = [...whole].sort((x, y) => Number(x) - Number(y));
      expect(sorted).toEqual(numbers(0, published));
      expect(half).toEqual(whole.slice(300));
      expect([ten, more, few]).toEqual([whole.slice(0, 10), whole.slice(0, 300), whole.slice(300, 557)]);
      const late = await listening(two, 'a', '0');
      expect(await late.next(published)).toEqual(whole);
      expect(errors).toEqual([]);
      for (const subscription of [...all, plain.subscription, late.subscription]) subscription.unsubscribe();
    }, 30_000);

    it('makes each message once for all who come back at the same time', async () => {
      let decoded = 0;
      const codec = {
        ...json<never, string>(),
        decodeSent: (data: Data): unknown => (decoded++, JSON.parse(String(data))),
      };
      const node = topics({
        codec,
        bus: bus({ prefix: freshPrefix(), idleMs: 20, history: { length: 10 } }),
      });
      const got = new Set<unknown>();
      const live = await listening(node, 'a');
      for (const each of ['1', '2', '3']) node.publish('a', each);
      await live.next(3);
      expect(decoded).toBe(3);
      const all = Array.from({ length: 20 }, () =>
        firstValueFrom(node.messages('a', { since: '0' }).pipe(take(3), toArray())),
      );
      for (const messages of await Promise.all(all)) for (const each of messages) got.add(each);
      expect([got.size, decoded]).toEqual([3, 6]);
      live.subscription.unsubscribe();
    });

    if (hasPatterns)
      it('makes each message once for a topic and the patterns that it fits', async () => {
        let decoded = 0;
        const codec = {
          ...json<never, string>(),
          decodeSent: (data: Data): unknown => (decoded++, JSON.parse(String(data))),
        };
        const node = topics({ codec, bus: bus({ prefix: freshPrefix(), idleMs: 20 }) });
        const targets = ['a:b', { pattern: 'a:*' }, { pattern: '*' }];
        const all = targets.map((target) => firstValueFrom(node.messages(target).pipe(take(5), toArray())));
        for (const each of ['1', '2', '2', '3', 'end']) node.publish('a:b', each);
        // Who has the last one leaves.
        const found = (await Promise.all(all)).map((messages) => messages.slice(0, 4));
        for (const messages of found)
          expect(messages.map(({ value }) => value)).toEqual(['1', '2', '2', '3']);
        // The same text twice is two messages.
        expect(new Set(found.flat()).size).toBe(4);
        expect(decoded).toBeLessThan(7);
      });
  });
}
