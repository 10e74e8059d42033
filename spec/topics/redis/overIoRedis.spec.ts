import { Buffer } from 'node:buffer';
import { expect, it } from '@jest/globals';
import { overIoRedis } from '../../../src/topics/redis/overIoRedis.ts';
import type { OpenIoRedis } from '../../../src/topics/redis/RedisClient.ts';
import { fakeRedis } from './FakeRedis.ts';

it('speaks to a client of ioredis', async () => {
  const { client, log, emit } = fakeRedis();
  const connection = overIoRedis(client as unknown as OpenIoRedis);
  const told: unknown[] = [];
  connection.start({
    ready: () => told.push('ready'),
    lost: (error) => told.push(`lost ${String(error)}`),
    fatal: (error) => told.push(`fatal ${String(error)}`),
    message: (kind, name, channel, payload) => told.push(`${kind} ${name} ${channel} ${String(payload)}`),
    moved: (kind, names) => told.push(`moved ${kind} ${names.join()}`),
  });
  const bytes = Buffer.from('abc');
  emit('ready');
  emit('error', 'reset');
  emit('close');
  emit('end');
  emit('messageBuffer', bytes, Buffer.from('x'));
  emit('pmessageBuffer', 'a*', bytes, Buffer.from('x'));
  emit('smessageBuffer', bytes, Buffer.from('x'));
  for (const kind of ['channel', 'pattern', 'shard'] as const) {
    await connection.subscribe(kind, ['a', 'b']);
    connection.unsubscribe(kind, 'a');
  }
  await connection.command(['PUBLISH', 'a']);
  connection.close();
  expect(told).toEqual([
    ...['ready', 'lost reset', 'lost reset', 'fatal reset'],
    ...['channel abc abc x', 'pattern a* abc x', 'shard abc abc x'],
  ]);
  expect(log).toEqual([
    'connect',
    ...['subscribe a b', 'unsubscribe a', 'psubscribe a b', 'punsubscribe a'],
    ...['ssubscribe a', 'ssubscribe b', 'sunsubscribe a'],
    'callBuffer PUBLISH a',
    'disconnect',
  ]);
});

it('says which sharded channels it has no more, which ioredis does not', async () => {
  const { client, emit } = fakeRedis();
  const set = { channels: () => ['stays'] };
  Object.assign(client, { condition: { subscriber: set } });
  const connection = overIoRedis(client as unknown as OpenIoRedis);
  const told: string[] = [];
  const quiet = (): void => undefined;
  connection.start({
    ...{ ready: quiet, lost: quiet, fatal: quiet, message: quiet },
    moved: (kind, names) => told.push(`${kind} ${names.join()}`),
  });
  await connection.subscribe('shard', ['stays', 'goes', 'left']);
  connection.unsubscribe('shard', 'left');
  const pending = connection.subscribe('shard', ['pending']);
  emit('moved');
  await pending;
  emit('moved');
  Object.assign(client, { ssubscribe: () => Promise.reject(new Error('MOVED')) });
  await expect(connection.subscribe('shard', ['refused'])).rejects.toThrow('MOVED');
  Object.assign(client, { condition: { subscriber: false } });
  emit('moved');
  expect(told).toEqual(['shard goes,pending', 'shard pending', 'shard stays']);
});

it('leaves alone what has ended', () => {
  const { client, log } = fakeRedis();
  Object.assign(client, { status: 'end' });
  overIoRedis(client as unknown as OpenIoRedis).close();
  expect(log).toEqual([]);
});
