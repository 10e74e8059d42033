import { Buffer } from 'node:buffer';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { Prepared } from '../../../src/core/Prepared.ts';
import { surroundings } from '../../../src/core/surroundings.ts';
import { virtualClock } from '../../../src/testing/virtualClock.ts';
import { RemoteBus, type RemoteBusConfig } from '../../../src/topics/remote/RemoteBus.ts';
import type { TopicPattern } from '../../../src/topics/TopicPattern.ts';
import { FakeDriver } from './FakeDriver.ts';

function remote(config: Partial<RemoteBusConfig> = {}) {
  const drivers: FakeDriver[] = [];
  const bus = new RemoteBus({
    hasHistory: true,
    driver: () => {
      drivers.push(new FakeDriver());
      return drivers.at(-1)!;
    },
    ...config,
  });
  const states: string[] = [];
  bus.state.subscribe((state) => states.push(state));
  const failed: string[] = [];
  const publish = (topic: string, text: string): boolean =>
    bus.publish(
      topic,
      () => new Prepared(text, text),
      (error) => failed.push(`${text} ${(error as { code: string }).code}`),
    );
  const told: string[] = [];
  const subscribe = (target: string | TopicPattern, name = '') =>
    bus.subscribe(target, {
      message: (topic, content, id) => told.push(`${name}${topic} ${content as string} ${id}`),
      lost: () => told.push(`${name}lost`),
      ready: (awayMs) => told.push(`${name}ready ${awayMs}`),
      failed: (error) => told.push(`${name}failed ${(error as { code: string }).code}`),
      foreign: (topic) => told.push(`${name}foreign ${topic}`),
    });
  return { bus, drivers, states, failed, publish, told, subscribe, driver: () => drivers.at(-1)! };
}
const ours = (text: string): Uint8Array => Buffer.from(`rxws1t\n${text}`);

describe('RemoteBus', () => {
  afterEach(() => {
    surroundings.clock = undefined;
  });

  it('connects when it is first needed: what is published and subscribed to waits', async () => {
    const { driver, drivers, states, subscribe, publish, told } = remote();
    expect(drivers).toHaveLength(0);
    subscribe('a');
    expect(publish('a', 'x')).toBe(true);
    expect(driver().look()).toEqual(['start']);
    driver().events.up();
    // Not before the subscription stands: who publishes after subscribing gets it.
    expect(driver().look()).toEqual(['+=a']);
    await driver().answer();
    expect(driver().look()).toEqual(['publish a x']);
    expect(states).toEqual(['idle', 'connecting', 'open']);
    expect(told).toEqual(['ready undefined']);
  });

  it('subscribes once for a topic, however many want it, and until none does', async () => {
    const { driver, subscribe, told } = remote();
    const first = subscribe('a', '1:');
    driver().events.up();
    await driver().answer();
    const second = subscribe('a', '2:');
    await turn();
    driver().events.message('a', 'a', ours('x'), '7');
    first.unsubscribe();
    first.unsubscribe();
    driver().events.message('a', 'a', ours('y'));
    second.unsubscribe();
    driver().events.message('a', 'a', ours('z'));
    expect(driver().look()).toEqual(['start', '+=a', '-=a']);
    expect(told).toEqual(['1:ready undefined', '2:ready undefined', '1:a x 7', '2:a x 7', '2:a y undefined']);
  });

  it('waits with what is published for the subscriptions before it, also where a later one is refused first', async () => {
    const { driver, publish, subscribe } = remote();
    subscribe('a');
    driver().events.up();
    publish('a', 'x');
    subscribe('b');
    expect(driver().look()).toEqual(['start', '+=a', '+=b']);
    await driver().refuse(new Error('denied'), 1);
    expect(driver().look()).toEqual(['-=b']);
    await driver().answer();
    expect(driver().look()).toEqual(['publish a x']);
  });

  it('waits with what is published also for those that are asked for one by one, since one of many was refused', async () => {
    const { driver, publish, subscribe, told } = remote();
    subscribe('a');
    subscribe('b');
    publish('a', 'x');
    driver().events.up();
    expect(driver().look()).toEqual(['start', '+=a,=b']);
    await driver().refuse(new Error('denied'));
    expect(driver().look()).toEqual(['+=a', '+=b']);
    await driver().refuse(new Error('denied'), 1);
    expect(driver().look()).toEqual(['-=b']);
    await driver().answer();
    expect(driver().look()).toEqual(['publish a x']);
    expect(told).toHaveLength(2);
  });

  it('publishes what is published in one turn together, and before who subscribes behind it', async () => {
    const { driver, publish, subscribe, told } = remote();
    subscribe('a');
    driver().events.up();
    await driver().answer();
    driver().look();
    driver().maxBatchBytes = 1_000;
    publish('a', 'x');
    publish('a', 'y');
    expect(driver().look()).toEqual([]);
    await turn();
    expect(driver().look()).toEqual(['publish a x y']);
    publish('b', 'z');
    subscribe('b');
    expect(driver().look()).toEqual(['publish b z', '+=b']);
    driver().events.message('a', 'a', Buffer.from('rxws1m\nt1\nxb1\ny'));
    expect(told).toEqual(['ready undefined', 'a x undefined', `a ${String(Buffer.from('y'))} undefined`]);
  });

  it('says that a payload is not ours', async () => {
    const { driver, subscribe, told } = remote();
    subscribe({ pattern: '*' });
    driver().events.up();
    await driver().answer();
    driver().events.message({ pattern: '*' }, 'a', Buffer.from('hello'));
    expect(told).toEqual(['ready undefined', 'foreign a']);
  });

  it('reports what it cannot publish, when it is lost, and what was on its way', async () => {
    const { driver, failed, publish, states } = remote();
    publish('a', 'waits');
    driver().events.down('refused', true);
    expect(failed).toEqual(['waits BUS']);
    expect(publish('a', 'lost')).toBe(false);
    driver().events.up();
    publish('a', 'sent');
    publish('a', 'on its way');
    await turn();
    await driver().answer();
    driver().events.down('reset', true);
    driver().events.up();
    publish('a', 'later');
    await turn();
    await driver().refuse('reset');
    await driver().refuse('no permission');
    expect(failed).toEqual(['waits BUS', 'lost BUS', 'on its way BUS', 'later BUS']);
    expect(states).toEqual(['idle', 'connecting', 'lost', 'open', 'lost', 'open']);
  });

  it('renews what it subscribed to, and says how long it was away', async () => {
    const scheduler = new VirtualTimeScheduler();
    surroundings.clock = virtualClock(scheduler);
    const { driver, subscribe, told } = remote();
    subscribe('a');
    subscribe('gone').unsubscribe();
    driver().events.up();
    await driver().answer();
    driver().events.down('reset', true);
    scheduler.frame = 50;
    driver().events.down('refused', true);
    subscribe('b', 'b:');
    scheduler.frame = 70;
    driver().events.up();
    expect(driver().look()).toEqual(['start', '+=a', '+=a,=b']);
    // A client that renews by itself gets messages before it is known that nothing is missed any more.
    driver().events.message('a', 'a', ours('early'), '7');
    await driver().answer();
    driver().events.message('a', 'a', ours('x'), '8');
    expect(told).toEqual(['ready undefined', 'lost', 'ready 70', 'b:ready undefined', 'a x 8']);
  });

  it('lets go of what is left while it is lost', async () => {
    const { driver, subscribe } = remote();
    const [a, b] = [subscribe('a'), subscribe('b')];
    driver().events.up();
    await driver().answer();
    driver().events.down('reset', true);
    driver().look();
    a.unsubscribe();
    b.unsubscribe();
    subscribe('b');
    subscribe('new').unsubscribe();
    expect(driver().look()).toEqual(['-=a', '-=b', '-=new']);
    driver().events.up();
    expect(driver().look()).toEqual(['+=b']);
  });

  it('renews nothing where only what publishes was lost', async () => {
    const { driver, subscribe, told } = remote();
    subscribe('a');
    driver().events.up();
    await driver().answer();
    driver().look();
    driver().events.down('reset', false);
    driver().events.up();
    await turn();
    expect(driver().look()).toEqual([]);
    expect(told).toEqual(['ready undefined', 'ready undefined']);
  });

  it('fails the one subscription that is refused', async () => {
    const { driver, subscribe, told } = remote();
    subscribe('a', 'a:');
    subscribe('b', 'b:');
    driver().events.up();
    await driver().refuse('no permission');
    expect(driver().look()).toEqual(['start', '+=a,=b', '+=a', '+=b']);
    await driver().refuse('no permission');
    await driver().answer();
    // It keeps nothing of it.
    expect(driver().look()).toEqual(['-=a']);
    expect(told).toEqual(['a:failed BUS', 'b:ready undefined']);
  });

  it('takes no more than may wait, and says when it keeps up', async () => {
    const { bus, driver, failed, publish } = remote({ maxPendingBytes: 1_000 });
    const writable: boolean[] = [];
    bus.writable.subscribe((is) => writable.push(is));
    const answers = Array.from({ length: 6 }, (_, i) => publish('a', String(i).repeat(100)));
    expect(answers).toEqual([true, true, true, true, false, false]);
    expect(failed.map((text) => text.slice(-8))).toEqual(['OVERFLOW', 'OVERFLOW']);
    driver().events.up();
    for (let i = 0; i < 4; i++) await driver().answer();
    expect(writable).toEqual([true, false, true]);
    expect(publish('a', 'x'.repeat(5_000))).toBe(true);
  });

  it('ends when nobody has needed it for a while, and begins anew', async () => {
    const scheduler = new VirtualTimeScheduler();
    surroundings.clock = virtualClock(scheduler);
    const { drivers, driver, publish, subscribe, states } = remote({ idleMs: 100 });
    const subscription = subscribe('a');
    driver().events.up();
    await driver().answer();
    scheduler.maxFrames = 1_000;
    scheduler.flush();
    expect(states.at(-1)).toBe('open');
    subscription.unsubscribe();
    scheduler.maxFrames = 2_000;
    scheduler.flush();
    expect(states.at(-1)).toBe('idle');
    expect(driver().look().at(-1)).toBe('close');
    drivers[0]!.events.down('late', true);
    publish('a', 'x');
    expect(drivers).toHaveLength(2);
    expect(states.at(-1)).toBe('connecting');
  });

  it('is closed for good', async () => {
    const { bus, driver, failed, publish, subscribe, states, told } = remote();
    subscribe('a');
    publish('a', 'x');
    await bus.close();
    expect(publish('a', 'y')).toBe(false);
    subscribe('b', 'b:');
    await turn();
    expect(driver().look()).toEqual(['start', 'close']);
    expect(failed).toEqual(['x BUS', 'y BUS']);
    expect(told).toEqual(['failed BUS', 'b:failed BUS']);
    expect(states.at(-1)).toBe('closed');
  });

  it('fails all where it gives up, and tries again when it is needed', () => {
    const { drivers, driver, failed, publish, subscribe, told } = remote();
    subscribe('a');
    publish('a', 'x');
    driver().events.fatal('no client');
    expect(failed).toEqual(['x BUS']);
    expect(told).toEqual(['failed BUS']);
    publish('a', 'y');
    expect(drivers).toHaveLength(2);
  });

  it('reads the history; what is asked before a loss is not answered', async () => {
    const { bus, driver, subscribe, told } = remote();
    subscribe('a');
    driver().events.up();
    await driver().answer();
    const page = bus.read!('a', '1');
    await driver().answer({
      gap: false,
      last: '3',
      more: false,
      messages: [
        { id: '2', payload: Buffer.from('not ours') },
        { id: '3', payload: ours('x') },
      ],
    });
    expect(await page).toEqual({ gap: false, last: '3', more: false, messages: [{ id: '3', content: 'x' }] });
    expect(told).toEqual(['ready undefined', 'foreign a']);
    const refused = expect(bus.read!('a', '1')).rejects.toMatchObject({ code: 'BUS' });
    await driver().refuse('wrong type');
    await refused;
    let settled = false;
    void bus.read!('a', '1').finally(() => (settled = true));
    driver().events.down('reset', true);
    await driver().refuse('reset');
    await turn();
    expect(settled).toBe(false);
  });
});
