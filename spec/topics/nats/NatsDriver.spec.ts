import { Buffer } from 'node:buffer';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { NEVER, type Observable, Subject, firstValueFrom } from 'rxjs';
import type { NatsConnection, NatsMessage } from '../../../src/topics/nats/NatsConnection.ts';
import { NatsDriver } from '../../../src/topics/nats/NatsDriver.ts';

type Callback = (error: Error | null, message: NatsMessage) => void;

async function* iterated<T>(source: Observable<T>): AsyncGenerator<T> {
  for (;;) yield await firstValueFrom(source);
}

function driving(isOwn = true) {
  const log: string[] = [];
  const callbacks = new Map<string, Callback>();
  const statuses = new Subject<{ type: string; error?: unknown }>();
  const connection: NatsConnection = {
    publish: (subject) => log.push(`publish ${subject}`),
    subscribe: (subject, { callback }) => {
      log.push(`+${subject}`);
      callbacks.set(subject, callback);
      return { unsubscribe: () => log.push(`-${subject}`) };
    },
    flush: () => (log.push('flush'), Promise.resolve()),
    status: () => iterated(statuses),
    closed: () => firstValueFrom(NEVER),
    isClosed: () => false,
    close: () => (log.push('close'), Promise.resolve()),
  };
  const told: string[] = [];
  const driver = new NatsDriver({
    open: () => Promise.resolve(connection),
    isOwn,
    prefix: 'p',
    history: undefined,
  });
  driver.start({
    up: () => told.push('up'),
    down: (_error, missed) => told.push(`down ${missed}`),
    missed: () => told.push('missed'),
    fatal: () => told.push('fatal'),
    message: (target, topic, payload) => told.push(`${JSON.stringify(target)} ${topic} ${String(payload)}`),
  });
  return { driver, log, told, callbacks, statuses };
}
const published = (driver: NatsDriver, topic: string): Promise<unknown> =>
  new Promise((answered) => driver.publish(topic, [{ data: 'x', size: 1 }], answered));
const message = (subject: string): NatsMessage => ({ subject, data: Buffer.from('x') });

describe('NatsDriver', () => {
  it('is up, lost, and up again', async () => {
    const { told, statuses } = driving();
    await turn();
    for (const type of ['disconnect', 'reconnecting', 'reconnect', 'update']) {
      statuses.next({ type });
      await turn();
    }
    expect(told).toEqual(['up', 'down true', 'up']);
  });

  it('flushes once for all that is published in a turn', async () => {
    const { driver, log } = driving();
    await turn();
    log.length = 0;
    await Promise.all([published(driver, 'a'), published(driver, 'b')]);
    expect(log).toEqual(['publish p.t.a', 'publish p.t.b', 'flush']);
  });

  it('subscribes to what it has not, and leaves out what a wildcard is too wide for', async () => {
    const { driver, log, told, callbacks } = driving();
    await turn();
    log.length = 0;
    await driver.subscribe(['a', { pattern: 'r:a*' }]);
    await driver.subscribe(['a']);
    callbacks.get('p.t.a')!(null, message('p.t.a'));
    for (const subject of ['p.t.r.ab', 'p.t.r.b', 'p.t.r.='])
      callbacks.get('p.t.r.>')!(null, message(subject));
    driver.unsubscribe('a');
    expect(log).toEqual(['+p.t.a', '+p.t.r.>', 'flush', 'flush', '-p.t.a']);
    expect(told).toEqual(['up', '"a" a x', '{"pattern":"r:a*"} r:ab x']);
  });

  it('says that a subscription is refused', async () => {
    const { driver, callbacks } = driving();
    await turn();
    const standing = driver.subscribe(['a']);
    callbacks.get('p.t.a')!(new Error('permissions violation'), message(''));
    await expect(standing).rejects.toThrow('permissions violation');
  });

  it('says that what was published is refused, by what the status tells after the answer, until that is over', async () => {
    const { driver, statuses } = driving();
    await turn();
    const [a, b] = [published(driver, 'a'), published(driver, 'b')];
    await Promise.resolve();
    const error = { operation: 'publish', subject: 'p.t.a' };
    statuses.next({ type: 'error', error });
    expect([await a, await b]).toEqual([error, undefined]);
    await turn();
    expect(await published(driver, 'a')).toBeUndefined();
  });

  it('asks again for what stood and is refused then', async () => {
    const { driver, callbacks, log, told } = driving();
    await turn();
    await driver.subscribe(['a']);
    callbacks.get('p.t.a')!(new Error('permissions violation'), message(''));
    await turn();
    expect(told).toEqual(['up', 'down true', 'up']);
    log.length = 0;
    await driver.subscribe(['a']);
    expect(log).toEqual(['+p.t.a', 'flush']);
  });

  it.each([true, false])('ends its own connection, and no other: %p', async (isOwn) => {
    const { driver, log } = driving(isOwn);
    await turn();
    await driver.subscribe(['a']);
    driver.close();
    expect(log.includes('close')).toBe(isOwn);
    expect(log).toContain('-p.t.a');
  });
});
