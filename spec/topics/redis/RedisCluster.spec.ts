import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { Layout } from '../../../src/topics/redis/Layout.ts';
import { RedisCluster } from '../../../src/topics/redis/RedisCluster.ts';
import { SLOTS, slotOf } from '../../../src/topics/redis/slotOf.ts';
import { Whereabouts } from '../../../src/topics/redis/Whereabouts.ts';
import { fakeNodes } from './FakeNodes.ts';

async function started(isWhole: boolean, owners: readonly string[]) {
  const made = fakeNodes();
  const layoutOf = (addresses: readonly string[]): Layout =>
    new Layout(Array.from({ length: SLOTS }, (_, slot) => addresses[slot % addresses.length]));
  made.now.layout = layoutOf(owners);
  const where = new Whereabouts(made.nodes, new Set());
  const cluster = new RedisCluster({ nodes: made.nodes, where, isWhole });
  const told: string[] = [];
  cluster.start({
    ready: () => told.push('ready'),
    lost: (error) => told.push(`lost ${String(error)}`),
    fatal: () => told.push('fatal'),
    message: (_kind, name) => told.push(`message ${name}`),
    moved: (_kind, names) => told.push(`moved ${names.join()}`),
  });
  const ready = async (address: string): Promise<void> => {
    (await made.to(address)).events.ready();
    await turn();
  };
  await ready('seed');
  return { ...made, cluster, told, ready, layoutOf, where };
}

it('is there when all of its nodes are, lost when one is, and sends each command to the node of its slot', async () => {
  const { cluster, told, ready, to } = await started(true, ['a:1', 'b:1']);
  await ready('a:1');
  expect(told).toEqual([]);
  await ready('b:1');
  const owner = slotOf('x') % 2 === 0 ? 'a:1' : 'b:1';
  await cluster.command(['SPUBLISH', 'x', 'message']);
  await cluster.command(['EVAL', 'script', '1', 'x']);
  expect((await to(owner)).log).toEqual(['SPUBLISH x message', 'EVAL script 1 x']);
  (await to('b:1')).events.lost('reset');
  await ready('seed');
  await ready('b:1');
  expect(told).toEqual(['ready', 'lost reset', 'ready']);
  cluster.close();
});

it('listens at one node, and at another when that one is lost', async () => {
  const { cluster, told, ready, opened } = await started(false, ['a:1', 'b:1']);
  const first = opened.at(-1)![0];
  await ready(first);
  await cluster.subscribe('channel', ['x']);
  cluster.unsubscribe('channel', 'x');
  opened.at(-1)![1].events.message('channel', 'x', 'x', new Uint8Array());
  opened.at(-1)![1].events.lost('reset');
  await expect(cluster.subscribe('channel', ['x'])).rejects.toThrow('no node');
  await ready('seed');
  await ready(first === 'a:1' ? 'b:1' : 'a:1');
  expect(told).toEqual(['ready', 'message x', 'lost reset', 'ready']);
  cluster.close();
});

it('follows who comes and goes while it is asked whether it lives', async () => {
  const { cluster, told, ready, to, now, layoutOf, opened } = await started(true, ['a:1']);
  await ready('a:1');
  const a = await to('a:1');
  await cluster.subscribe('shard', ['x']);
  now.layout = layoutOf(['b:1']);
  await cluster.command(['PING']);
  await ready('seed');
  await ready('b:1');
  expect(a.log).toEqual(['+shard x', 'PING', 'PING', 'close']);
  expect(told).toEqual(['ready', 'moved x']);
  now.error = new Error('CLUSTERDOWN The cluster is down');
  await cluster.command(['PING']);
  await ready('seed');
  expect(told.at(-1)).toBe('lost Error: CLUSTERDOWN The cluster is down');
  cluster.close();
  expect(opened.every(([, { log }]) => log.includes('close'))).toBe(true);
});
