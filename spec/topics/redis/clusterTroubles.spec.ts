import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { filter, firstValueFrom } from 'rxjs';
import { text } from '../../../src/codecs/text.ts';
import type { Bus } from '../../../src/topics/Bus.ts';
import type { Gap } from '../../../src/topics/Gap.ts';
import type { HistoryConfig } from '../../../src/topics/HistoryConfig.ts';
import { openLike } from '../../../src/topics/redis/openRedis.ts';
import { redis } from '../../../src/topics/redis/redis.ts';
import { RedisDriver } from '../../../src/topics/redis/RedisDriver.ts';
import { RemoteBus } from '../../../src/topics/remote/RemoteBus.ts';
import { topics } from '../../../src/topics/topics.ts';
import { ask } from '../ask.ts';
import { Cluster } from '../Cluster.ts';
import { heard, listening } from '../remote/contract.ts';
import { freshPrefix } from '../servers.ts';
import { until } from '../until.ts';
import { clusterClients } from './clusterClients.ts';

const cluster = new Cluster();
const isThere = (await cluster.start()) && (await cluster.addReplica(0));
/** The replica and its master change places. */
const pair = [3, 0];

afterAll(() => cluster[Symbol.asyncDispose]());

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => String(from + i));

/** Connections of clients, beside those of the nodes to each other. */
async function connections(): Promise<number> {
  const lists = await Promise.all(
    cluster.ports.map((port) => ask(port, 'CLIENT', 'LIST').then(String, () => '')),
  );
  return lists.join('').match(/ cmd=(?!client)(?!(sync|psync|replconf))/g)?.length ?? 0;
}

(isThere ? describe : describe.skip)('a cluster of Redis', () => {
  for (const [name, client] of Object.entries(clusterClients)) {
    const node = (make: () => Bus) => {
      const bus = make();
      const errors: unknown[] = [];
      const gaps: Gap[] = [];
      const states: string[] = [];
      const rooms = topics({ codec: text(), bus, onError: (error) => errors.push(error) });
      rooms.gaps.subscribe((gap) => gaps.push(gap));
      rooms.state.subscribe((state) => states.push(state));
      const is = (state: string) => firstValueFrom(rooms.state.pipe(filter((now) => now === state)));
      return { rooms, errors, gaps, states, is, [Symbol.asyncDispose]: () => bus.close() };
    };
    const started = (prefix: string, sharded: boolean, history?: HistoryConfig) =>
      node(() =>
        redis({
          client: client(cluster.ports),
          sharded,
          prefix,
          idleMs: 60_000,
          ...(history && { history }),
        }),
      );
    const slotOf = (prefix: string, topic: string, sharded: boolean): Promise<number> =>
      cluster.slotOf(sharded ? `${prefix}{${topic}}` : `${prefix}history:${topic}`);
    /** To the other one of two that no spec kills. */
    const move = async (slot: number, meanwhile?: () => Promise<unknown>): Promise<void> =>
      cluster.move(slot, (await cluster.ownerOf(slot)) === 1 ? 2 : 1, meanwhile);

    it(`${name}: a slot that moves while it is subscribed to is a gap of its topics alone, and is followed`, async () => {
      const prefix = freshPrefix();
      await using here = started(prefix, true);
      await using there = started(prefix, true);
      const gap = (): string => 'gap';
      const [a, b] = [await listening(here.rooms, 'a', undefined, gap), await listening(here.rooms, 'b')];
      const far = await listening(there.rooms, 'a', undefined, gap);
      while (far.got.length === 0) {
        here.rooms.publish('a', 'begin');
        await turn();
      }
      for (const topic of ['a', 'b']) here.rooms.publish(topic, 'begun');
      for (const each of [a, b, far]) await heard(each, 'begun');
      const slot = await slotOf(prefix, 'a', true);
      for (let moves = 1; moves < 4; moves++) {
        await move(slot);
        await until(() => here.gaps.length === moves && there.gaps.length === moves);
        there.rooms.publish('a', `after ${moves}`);
        for (const each of [a, far]) expect(await each.next(2)).toEqual(['gap', `after ${moves}`]);
      }
      here.rooms.publish('b', 'end');
      await heard(b, 'end');
      expect(here.gaps.map(({ topic }) => topic)).toEqual(['a', 'a', 'a']);
      expect([here.errors, there.errors]).toEqual([[], []]);
      expect(here.states).toEqual(['idle', 'connecting', 'open']);
    }, 30_000);

    for (const sharded of [false, true]) {
      const how = sharded ? `${name}, sharded` : name;

      it(`${how}: under load, a slot that moves loses nothing of a history, and its order`, async () => {
        const prefix = freshPrefix();
        await using here = started(prefix, sharded, { length: 100_000 });
        await using there = started(prefix, sharded, { length: 100_000 });
        const [near, far] = [await listening(here.rooms, 'a', '0'), await listening(there.rooms, 'a', '0')];
        let published = 0;
        let isOver = false;
        await using _ = { [Symbol.asyncDispose]: async () => void (isOver = true) };
        const load = (async () => {
          while (!isOver) {
            for (let i = 0; i < 5; i++) there.rooms.publish('a', String(published++));
            await turn();
            await firstValueFrom(there.rooms.writable.pipe(filter((writable) => writable)));
          }
        })();
        const more = async (count: number): Promise<void> => {
          const from = published;
          await until(() => published > from + count);
        };
        const slot = await slotOf(prefix, 'a', sharded);
        for (let moves = 0; moves < 3; moves++) {
          await more(100);
          await move(slot, () => more(100));
        }
        isOver = true;
        await load;
        for (const each of [near, far]) {
          const got = await each.next(published);
          // What two nodes pass on to a third may come there in either order.
          if (!sharded) got.sort((one, other) => Number(one) - Number(other));
          expect(got).toEqual(numbers(0, published));
        }
        const late = await listening(there.rooms, 'a', '0');
        expect(await late.next(published)).toEqual(numbers(0, published));
        expect([here.errors, there.errors, here.gaps, there.gaps]).toEqual([[], [], [], []]);
      }, 30_000);

      it(`${how}: a master that is killed is lost, its replica is found, and what was missed is said`, async () => {
        const prefix = freshPrefix();
        const [replica, master] = pair as [number, number];
        // One whose slot it has.
        let topic = 'a';
        const owner = async (): Promise<number> => cluster.ownerOf(await slotOf(prefix, topic, sharded));
        while ((await owner()) !== master) topic += 'a';
        await using here = started(prefix, sharded);
        await using kept = started(prefix, sharded, { length: 100 });
        const a = await listening(here.rooms, topic, undefined, () => 'gap');
        const all = await listening(kept.rooms, topic, '0');
        kept.rooms.publish(topic, 'before');
        expect([await a.next(1), await all.next(1)]).toEqual([['before'], ['before']]);
        await ask(cluster.ports[master]!, 'WAIT', 1, 1_000);
        await cluster.nodes[master]!.kill();
        await Promise.all([here.is('lost'), kept.is('lost')]);
        expect(here.rooms.publish(topic, 'not taken')).toBe(false);
        await ask(cluster.ports[replica]!, 'CLUSTER', 'FAILOVER', 'TAKEOVER');
        await Promise.all([here.is('open'), kept.is('open')]);
        // It stands again.
        await heard(a, 'gap');
        expect(kept.rooms.publish(topic, 'after')).toBe(true);
        await heard(a, 'after');
        await heard(all, 'after');
        expect(here.gaps.map((gap) => gap.topic)).toContain(topic);
        expect(kept.gaps).toEqual([]);
        expect(here.errors).toMatchObject([{ code: 'BUS' }]);
        // It comes back as the replica of who has taken over.
        await cluster.nodes[master]!.start();
        await cluster.hasReplica(replica, master);
        pair.reverse();
      }, 30_000);
    }

    it(`${name}: one that falls silent is lost, and found again; what is closed leaves no connection`, async () => {
      const before = await connections();
      const prefix = freshPrefix();
      const open = openLike(client(cluster.ports.slice(1, 3)), true);
      const driver = () =>
        new RedisDriver({ open, prefix, isSharded: true, history: undefined, silentMs: 250 });
      const make = () => new RemoteBus({ driver, hasHistory: false, idleMs: 60_000 });
      {
        await using here = node(make);
        const a = await listening(here.rooms, 'a');
        here.rooms.publish('a', 'before');
        await a.next(1);
        const silent = cluster.nodes[1]!;
        silent.stop();
        await here.is('lost');
        silent.go();
        await here.is('open');
        here.rooms.publish('a', 'after');
        await heard(a, 'after');
        expect(await connections()).toBeGreaterThan(before);
      }
      await until(async () => (await connections()) <= before);
    }, 30_000);
  }
});
