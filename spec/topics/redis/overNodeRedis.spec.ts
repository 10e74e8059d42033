import { Buffer } from 'node:buffer';
import { setImmediate as turn } from 'node:timers/promises';
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
    moved: (kind, names) => told.push(`moved ${kind} ${names.join()}`),
  });
  emit('connect');
  emit('ready');
  emit('error', 'reset');
  emit('terminated');
  emit('sharded-channel-moved', 'a');
  for (const kind of ['channel', 'pattern', 'shard'] as const) {
    const answers = [await connection.subscribe(kind, ['a'])].flat(2) as unknown[];
    const listener = answers.find((each) => typeof each === 'function') as (...told: unknown[]) => void;
    listener(Buffer.from('x'), Buffer.from('abc'));
    connection.unsubscribe(kind, 'a');
    await turn();
  }
  await connection.command(['PUBLISH', 'a']);
  connection.close();
  expect(told).toEqual([
    'ready',
    'lost reset',
    'fatal reset',
    'moved shard a',
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

it('ends again what the client renewed, though its end was on its way, or it was lost', async () => {
  const { client, log, emit } = fakeRedis();
  const open = client as unknown as OpenNodeRedis;
  const connection = overNodeRedis(open);
  const quiet = (): void => undefined;
  connection.start({
    ready: () => log.push('told'),
    lost: quiet,
    fatal: quiet,
    message: quiet,
    moved: quiet,
  });
  const refuses = (): Promise<unknown> => Promise.reject(new Error('offline'));
  Object.assign(client, { unsubscribe: refuses, pUnsubscribe: refuses });
  connection.unsubscribe('channel', 'a');
  connection.unsubscribe('channel', 'b');
  connection.unsubscribe('pattern', 'c');
  await turn();
  await connection.subscribe('channel', ['b']);
  delete client['unsubscribe'];
  delete client['pUnsubscribe'];
  log.length = 0;
  emit('ready');
  await turn();
  emit('ready');
  expect(log).toEqual(['unsubscribe a', 'pUnsubscribe c', 'told', 'told']);
});

it.each(['connect', 'error'])('ends a connection that is being opened once it is told: %s', (event) => {
  const { client, log, emit } = fakeRedis();
  const connection = overNodeRedis(client as unknown as OpenNodeRedis);
  const quiet = (): void => undefined;
  connection.start({ ready: quiet, lost: quiet, fatal: quiet, message: quiet, moved: quiet });
  emit('connect');
  emit('error', 'reset');
  emit('reconnecting');
  connection.close();
  expect(log).toEqual(['connect']);
  emit(event, 'refused');
  emit('error', 'once more');
  expect(log).toEqual(['connect', 'destroy']);
});

it('may be closed when it has ended by itself', () => {
  const { client } = fakeRedis();
  client['destroy'] = () => {
    throw new Error('The client is closed');
  };
  expect(() => overNodeRedis(client as unknown as OpenNodeRedis).close()).not.toThrow();
});

it('says why it has given up, also where the client does not', () => {
  const { client, emit } = fakeRedis();
  const connection = overNodeRedis(client as unknown as OpenNodeRedis);
  const told: unknown[] = [];
  const quiet = (): void => undefined;
  connection.start({
    ready: quiet,
    lost: quiet,
    message: quiet,
    moved: quiet,
    fatal: (error) => told.push(error),
  });
  emit('terminated');
  expect(told).toEqual([new Error('the connection was lost, and its client does not try again')]);
});
