import { expect, it } from '@jest/globals';
import { Whereabouts } from '../../../src/topics/redis/Whereabouts.ts';
import { fakeNodes } from './FakeNodes.ts';

it('are asked of a seed, once for all who look, and told to all who follow', async () => {
  const { nodes, to, opened } = fakeNodes();
  const where = new Whereabouts(nodes, new Set());
  const told: string[] = [];
  where.follow(() => told.push('one'));
  where.follow(() => told.push('two'));
  const looked = Promise.all([where.look(), where.look()]);
  (await to('seed')).events.ready();
  await looked;
  expect(where.layout?.masters).toEqual(['a:1']);
  where.moved(7, 'b:1');
  expect(where.layout?.masters).toEqual(['a:1', 'b:1']);
  expect(told).toEqual(['one', 'two', 'one', 'two']);
  expect(opened.map(([address, { log }]) => [address, ...log])).toEqual([['seed', 'close']]);
});

it('are asked of those that were there before, until one says', async () => {
  const { nodes, to, opened } = fakeNodes();
  const where = new Whereabouts(nodes, new Set(['old:1']));
  const looked = where.look();
  (await to('old:1')).events.lost(new Error('refused'));
  (await to('seed')).events.ready();
  await looked;
  expect(opened.map(([address]) => address)).toEqual(['old:1', 'seed']);
});

it('are not known where nobody says, and not asked any more when they are closed', async () => {
  const { nodes, now, to, opened } = fakeNodes();
  const where = new Whereabouts(nodes, new Set());
  now.error = new Error('down');
  const looked = where.look();
  (await to('seed')).events.ready();
  await expect(looked).rejects.toThrow('down');
  const again = where.look();
  await to('seed');
  where.close();
  await expect(again).rejects.toThrow('closed');
  expect(opened.at(-1)![1].log).toEqual(['close']);
});
