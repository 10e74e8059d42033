import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Subscriptions } from '../../../src/topics/remote/Subscriptions.ts';
import { FakeDriver } from './FakeDriver.ts';

const quiet = {
  message: () => undefined,
  lost: () => undefined,
  ready: () => undefined,
  failed: () => undefined,
  foreign: () => undefined,
};

describe('Subscriptions', () => {
  it('renew many by few commands', () => {
    const subscriptions = new Subscriptions(() => undefined);
    for (let i = 0; i < 1_200; i++) subscriptions.add(String(i), quiet);
    const driver = new FakeDriver();
    subscriptions.up(driver);
    expect(driver.look().map((command) => command.split(',').length)).toEqual([500, 500, 200]);
    expect([subscriptions.asked, subscriptions.standing]).toEqual([3, 0]);
  });

  it('stand for who comes again before the first has left the server', async () => {
    const subscriptions = new Subscriptions(() => undefined);
    const driver = new FakeDriver();
    subscriptions.up(driver);
    const told: string[] = [];
    const sink = (name: string) => ({ ...quiet, ready: () => void told.push(name) });
    subscriptions.add('a', sink('first'))();
    const leave = subscriptions.add('a', sink('second'));
    expect(driver.look()).toEqual(['+=a', '-=a', '+=a']);
    await driver.answer();
    expect(told).toEqual([]);
    await driver.answer();
    expect(told).toEqual(['second']);
    leave();
    expect(subscriptions.isEmpty).toBe(true);
  });

  it('are for nobody when they stand after a loss', async () => {
    const subscriptions = new Subscriptions(() => undefined);
    const driver = new FakeDriver();
    subscriptions.up(driver);
    const told: string[] = [];
    subscriptions.add('a', { ...quiet, ready: () => void told.push('ready') });
    subscriptions.down(true);
    await driver.answer();
    await turn();
    expect(told).toEqual([]);
    expect(subscriptions.standing).toBe(subscriptions.asked);
  });

  it('are asked for again, one by one, when the server has ended them', async () => {
    const subscriptions = new Subscriptions(() => undefined);
    const driver = new FakeDriver();
    subscriptions.up(driver);
    const told: string[] = [];
    const sink = {
      ...quiet,
      lost: () => void told.push('lost'),
      ready: (awayMs: number | undefined) => void told.push(`ready ${awayMs !== undefined}`),
    };
    subscriptions.add('a', sink);
    // One that does not stand yet stands later.
    subscriptions.renew('a');
    subscriptions.renew('unknown');
    await driver.answer();
    subscriptions.renew('a');
    expect(driver.look()).toEqual(['+=a', '+=a']);
    await driver.answer();
    subscriptions.down(false);
    subscriptions.renew('a');
    expect(driver.look()).toEqual([]);
    subscriptions.up(driver);
    await driver.answer();
    expect(driver.look()).toEqual(['+=a']);
    expect(told).toEqual(['ready false', 'lost', 'ready true', 'lost', 'ready true']);
  });
});
