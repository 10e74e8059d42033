import { expect, it } from '@jest/globals';
import { ClusterNode } from '../../../src/topics/redis/ClusterNode.ts';
import { Shards } from '../../../src/topics/redis/Shards.ts';
import { FakeConnection } from './FakeConnection.ts';

function two() {
  const [a, b] = [new FakeConnection(), new FakeConnection()];
  const nodes = { 'a:1': new ClusterNode('a:1', a), 'b:1': new ClusterNode('b:1', b) };
  for (const node of Object.values(nodes)) node.ready();
  const at = { owner: 'a:1' as keyof typeof nodes };
  const ended: string[] = [];
  const shards = new Shards(
    {
      of: () => nodes[at.owner],
      at: (address) => nodes[address as keyof typeof nodes],
      moved: (_slot, address) => (at.owner = address as keyof typeof nodes),
      refused: () => undefined,
    },
    (name) => ended.push(name),
  );
  return { a, b, nodes, at, shards, ended };
}

it('are subscribed to where their slot is, also where it turns out to be elsewhere', async () => {
  const { a, b, shards } = two();
  a.answers = { '+shard x': new Error('MOVED 7 b:1') };
  await shards.subscribe(['x']);
  shards.unsubscribe('x');
  expect([a.log, b.log]).toEqual([['+shard x'], ['+shard x', '-shard x']]);
});

it('end when their node says so, or when their slot has moved, and not when they have left', async () => {
  const { a, nodes, at, shards, ended } = two();
  await shards.subscribe(['x', 'y', 'z']);
  shards.endedBy(nodes['b:1'], ['x']);
  shards.endedBy(nodes['a:1'], ['x', 'unknown']);
  shards.unsubscribe('y');
  at.owner = 'b:1';
  shards.follow();
  shards.follow();
  expect(ended).toEqual(['x', 'z']);
  expect(a.log).toEqual(['+shard x', '+shard y', '+shard z', '-shard y']);
});

it('are subscribed to again where they ended before they stood', async () => {
  const { a, b, nodes, at, shards, ended } = two();
  const standing = shards.subscribe(['x']);
  shards.endedBy(nodes['a:1'], ['x']);
  at.owner = 'b:1';
  await standing;
  expect([a.log, b.log, ended]).toEqual([['+shard x'], ['+shard x'], []]);
});

it('are refused where they are, and forgotten by who has left meanwhile', async () => {
  const { a, shards } = two();
  a.answers = { '+shard x': new Error('NOPERM'), '+shard y': new Error('NOPERM') };
  await expect(shards.subscribe(['x'])).rejects.toThrow('NOPERM');
  const left = shards.subscribe(['y']);
  shards.unsubscribe('y');
  await left;
});
