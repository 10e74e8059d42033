import { Buffer } from 'node:buffer';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { RedisConnection, RedisEvents } from '../../../src/topics/redis/RedisConnection.ts';
import { RedisDriver } from '../../../src/topics/redis/RedisDriver.ts';

function fake(log: string[], name: string, reply: unknown[]) {
  const events: RedisEvents[] = [];
  const connection: RedisConnection = {
    start: (told) => events.push(told),
    command: (args) => (log.push(`${name} ${String(args[0])}`), Promise.resolve(reply)),
    subscribe: (kind, names) => (log.push(`${name} +${kind} ${names.join()}`), Promise.resolve()),
    unsubscribe: (kind, channel) => log.push(`${name} -${kind} ${channel}`),
    close: () => log.push(`${name} close`),
  };
  return { connection, events: () => events[0]! };
}

const NOTHING: unknown[] = [0, Buffer.from('0'), 0];

function driving(isSharded = false, history?: { length: number; maxAgeMs: number }, reply = NOTHING) {
  const log: string[] = [];
  const [publisher, subscriber] = [fake(log, 'pub', reply), fake(log, 'sub', reply)];
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

const published = (driver: RedisDriver, topic: string): Promise<unknown> =>
  new Promise((answered) => driver.publish(topic, [{ data: 'x', size: 1 }], answered));

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
    await published(driver, 'a');
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
    await published(driver, 'a');
    expect(await driver.read('a', '1')).toEqual({ gap: false, last: '0', more: false, messages: [] });
    await expect(driver.subscribe([{ pattern: '*' }])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    // Nothing is ended that did not begin: a client may take it for the end of all that it listens to.
    driver.unsubscribe({ pattern: '*' });
    expect(log).toEqual(['pub EVAL', 'pub EVAL']);
  });

  it.each([
    [1, 1],
    ['1', '1'],
    [Buffer.from('1'), Buffer.from('1')],
  ])('sees a gap, and that more follow, however the client gives numbers', async (gap, more) => {
    const { driver } = driving(false, { length: 5, maxAgeMs: 5 }, [gap, Buffer.from('7'), more]);
    await turn();
    expect(await driver.read('a', '1')).toEqual({ gap: true, last: '7', more: true, messages: [] });
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
