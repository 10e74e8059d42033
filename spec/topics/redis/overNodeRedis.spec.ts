import { Buffer } from 'node:buffer';
import { expect, it } from '@jest/globals';
import { overNodeRedis } from '../../../src/topics/redis/overNodeRedis.ts';
import type { OpenNodeRedis } from '../../../src/topics/redis/RedisClient.ts';
import { fakeRedis } from './FakeRedis.ts';

it('speaks to a client of @redis/client', async () => {
  const { client, log, emit } = fakeRedis();
  const connection = overNodeRedis(client as unknown as OpenNodeRedis);
  const told: unknown[] = [];
  connection.start({
    ready: () => told.push('ready'),
    lost: (error) => told.push(`lost ${String(error)}`),
    fatal: (error) => told.push(`fatal ${String(error)}`),
    message: (kind, name, channel, payload) => told.push(`${kind} ${name} ${channel} ${String(payload)}`),
  });
  emit('ready');
  emit('error', 'reset');
  emit('terminated');
  for (const kind of ['channel', 'pattern', 'shard'] as const) {
    const answers = [await connection.subscribe(kind, ['a'])].flat(2) as unknown[];
    const listener = answers.find((each) => typeof each === 'function') as (...told: unknown[]) => void;
    listener(Buffer.from('x'), Buffer.from('abc'));
    connection.unsubscribe(kind, 'a');
  }
  await connection.command(['PUBLISH', 'a']);
  connection.close();
  expect(told).toEqual([
    'ready',
    'lost reset',
    'fatal reset',
    'channel abc abc x',
    'pattern a abc x',
    'shard abc abc x',
  ]);
  expect(log).toEqual([
    'connect',
    ...['subscribe a', 'unsubscribe a', 'pSubscribe a', 'pUnsubscribe a', 'sSubscribe a', 'sUnsubscribe a'],
    'sendCommand PUBLISH a',
    'destroy',
  ]);
});
