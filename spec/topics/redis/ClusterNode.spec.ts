import { expect, it } from '@jest/globals';
import { ClusterNode } from '../../../src/topics/redis/ClusterNode.ts';
import { FakeConnection } from './FakeConnection.ts';

it('is asked in order when it is there, and refuses when it is lost', async () => {
  const connection = new FakeConnection();
  const node = new ClusterNode('a:1', connection);
  const ask = (name: string): Promise<unknown> => node.do((each) => each.command([name]));
  const [one, two] = [ask('one'), ask('two')];
  expect(connection.log).toEqual([]);
  node.ready();
  void ask('three');
  expect(connection.log).toEqual(['one', 'two', 'three']);
  expect(await Promise.all([one, two])).toEqual(['OK', 'OK']);
  node.end('lost');
  await expect(ask('four')).rejects.toBe('lost');
  expect(connection.log.at(-1)).toBe('close');
});

it('refuses what waits for it when it is not reached', async () => {
  const node = new ClusterNode('a:1', new FakeConnection());
  const one = node.do((each) => each.command(['one']));
  node.end('refused');
  await expect(one).rejects.toBe('refused');
});
