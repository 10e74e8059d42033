import { Buffer } from 'node:buffer';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { RedisConnection, RedisEvents } from '../../../src/topics/redis/RedisConnection.ts';
import { RedisDriver } from '../../../src/topics/redis/RedisDriver.ts';

function fake(log: string[], name: string) {
  const events: RedisEvents[] = [];
  const connection: RedisConnection = {
    start: (told) => events.push(told),
    command: (args) => (log.push(`${name} ${String(args[0])}`), Promise.resolve([0, Buffer.from('0'), 0])),
    subscribe: (kind, names) => (log.push(`${name} +${kind} ${names.join()}`), Promise.resolve()),
    unsubscribe: (kind, channel) => log.push(`${name} -${kind} ${channel}`),
    close: () => log.push(`${name} close`),
  };
  return { connection, events: () => events[0]! };
}

function driving(isSharded = false, history?: { length: number; maxAgeMs: number }) {
  const log: string[] = [];
  const [publisher, subscriber] = [fake(log, 'pub'), fake(log, 'sub')];
  const driver = new RedisDriver({
    open: () => Promise.resolve([publisher.connection, subscriber.connection]),
    prefix: 'p:',
    isSharded,
    history,
  });
  const told: string[] = [];
  driver.start({
    up: () => told.push('up'),
    down: (_error, missed) => told.push(`down ${missed}`),
    missed: (target) => told.push(`missed ${JSON.stringify(target)}`),
    fatal: (error) => told.push(`fatal ${String(error)}`),
    message: (target, topic, payload) => told.push(`${JSON.stringify(target)} ${topic} ${String(payload)}`),
  });
  return { driver, log, told, publisher, subscriber };
}

describe('RedisDriver', () => {
  it('is up when both connections are, and misses what it listens to when that one is lost', async () => {
    const { told, publisher, subscriber } = driving();
    await turn();
    publisher.events().ready();
    expect(told).toEqual([]);
    subscriber.events().ready();
    publisher.events().lost('reset');
    publisher.events().ready();
    subscriber.events().lost('reset');
    subscriber.events().fatal('auth');
    expect(told).toEqual(['up', 'down false', 'up', 'down true', 'fatal auth']);
  });

  it('publishes, listens, and knows which topic and pattern came', async () => {
    const { driver, log, told, subscriber } = driving();
    await turn();
    await driver.publish('a', 'x');
    await driver.subscribe(['a', { pattern: 'a*' }, 'b']);
    subscriber.events().message('channel', 'p:a', 'p:a', Buffer.from('x'));
    subscriber.events().message('pattern', 'p:a*', 'p:abc', Buffer.from('x'));
    driver.unsubscribe('a');
    subscriber.events().message('channel', 'p:a', 'p:a', Buffer.from('late'));
    driver.close();
    expect(log).toEqual([
      'pub PUBLISH',
      ...['sub +channel p:a,p:b', 'sub +pattern p:a*', 'sub -channel p:a'],
      ...['pub close', 'sub close'],
    ]);
    expect(told).toEqual(['"a" a x', '{"pattern":"a*"} abc x']);
  });

  it('publishes into a history, and reads it', async () => {
    const { driver, log } = driving(true, { length: 5, maxAgeMs: 5 });
    await turn();
    await driver.publish('a', 'x');
    expect(await driver.read('a', '1')).toEqual({ gap: false, last: '0', more: false, messages: [] });
    await expect(driver.subscribe([{ pattern: '*' }])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(log).toEqual(['pub EVAL', 'pub EVAL']);
  });

  it('tells which topics are not subscribed to any more', async () => {
    const { driver, told, subscriber } = driving(true);
    await turn();
    await driver.subscribe(['a']);
    subscriber.events().moved('shard', ['p:{a}', 'p:{left}']);
    expect(told).toEqual(['missed "a"']);
  });

  it('gives up where there is no client', async () => {
    const told: unknown[] = [];
    const driver = new RedisDriver({
      open: () => Promise.reject(new Error('none')),
      prefix: '',
      isSharded: false,
      history: undefined,
    });
    const quiet = (): void => undefined;
    driver.start({
      up: quiet,
      down: quiet,
      missed: quiet,
      message: quiet,
      fatal: (error) => told.push(error),
    });
    await turn();
    driver.close();
    expect(told).toEqual([new Error('none')]);
  });
});
