import { expect, it } from '@jest/globals';
import { ClusterNode } from '../../../src/topics/redis/ClusterNode.ts';
import { Redirects, redirectionOf } from '../../../src/topics/redis/Redirects.ts';
import { FakeConnection } from './FakeConnection.ts';

function two() {
  const [a, b] = [new FakeConnection(), new FakeConnection()];
  const nodes = { 'a:1': new ClusterNode('a:1', a), 'b:1': new ClusterNode('b:1', b) };
  for (const node of Object.values(nodes)) node.ready();
  let owner: keyof typeof nodes = 'a:1';
  const refused: string[] = [];
  const redirects = new Redirects({
    of: () => nodes[owner],
    at: (address) => nodes[address as keyof typeof nodes],
    moved: (_slot, address) => (owner = address as keyof typeof nodes),
    refused: (_node, error) => refused.push(String(error)),
  });
  return { a, b, redirects, refused };
}

it('follow a slot that has moved, in order, and are never at two nodes', async () => {
  const { a, b, redirects } = two();
  const moved = new Error('MOVED 7 b:1');
  a.answers = { '1': moved, '2': moved };
  const first = [redirects.send(7, ['1']), redirects.send(7, ['2'])];
  await expect(Promise.race([first[0], Promise.resolve('waits')])).resolves.toBe('waits');
  await Promise.resolve();
  expect(await Promise.all([...first, redirects.send(7, ['3'])])).toEqual(['OK', 'OK', 'OK']);
  expect(b.log.filter((command) => command !== 'PING')).toEqual(['1', '2', '3']);
  await redirects.send(7, ['4']);
  expect([a.log.includes('4'), b.log.at(-1)]).toEqual([false, '4']);
});

it('ask once where a slot is on its way', async () => {
  const { a, b, redirects } = two();
  a.answers = { '1': new Error('ASK 7 b:1') };
  expect(await redirects.send(7, ['1'])).toBe('OK');
  expect(b.log.slice(0, 2)).toEqual(['ASKING', '1']);
});

it('pass on what else is refused, and tell it', async () => {
  const { a, redirects, refused } = two();
  a.answers = { '1': new Error('OOM') };
  await expect(redirects.send(7, ['1'])).rejects.toThrow('OOM');
  expect(refused).toEqual(['Error: OOM']);
});

it('refuse what waits when the bus is lost', async () => {
  const { a, redirects } = two();
  a.answers = { '1': new Error('MOVED 7 b:1') };
  const sent = redirects.send(7, ['1']);
  while (!a.log.includes('PING')) await Promise.resolve();
  redirects.fail('lost');
  await expect(sent).rejects.toBe('lost');
});

it('go where an error says, at the host that was asked where it says none', () => {
  const node = new ClusterNode('a:1', new FakeConnection());
  expect(redirectionOf(new Error('MOVED 7 :2'), node)).toEqual({
    isForOnce: false,
    slot: 7,
    address: 'a:2',
  });
  for (const other of [undefined, new Error('OOM')]) expect(redirectionOf(other, node)).toBe(undefined);
});
