import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import type { NatsConnection, NatsMessage } from '../../../src/topics/nats/NatsConnection.ts';
import { natsNames } from '../../../src/topics/nats/natsNames.ts';
import { NatsSubscription } from '../../../src/topics/nats/NatsSubscription.ts';
import type { TopicPattern } from '../../../src/topics/TopicPattern.ts';

function subscribed(target: string | TopicPattern) {
  const log: string[] = [];
  let callback!: (error: Error | null, message: NatsMessage) => void;
  const connection = {
    subscribe: (subject: string, how: { callback: typeof callback }) => {
      log.push(`+${subject}`);
      ({ callback } = how);
      return { unsubscribe: () => void log.push(`-${subject}`) };
    },
  } as unknown as NatsConnection;
  const subscription = new NatsSubscription(connection, natsNames('p'), target, {
    message: (topic, payload, sequence) => log.push(`${topic} ${String(payload)} ${sequence}`),
    refused: (error) => log.push(error.message),
    missed: () => log.push('missed'),
  });
  const come = (subject: string, headers?: Record<string, string>): void =>
    callback(null, {
      subject,
      data: Buffer.from('x'),
      ...(headers && { headers: { code: 0, get: (name) => headers[name] ?? '' } }),
    });
  return { subscription, come, log, refuse: (error: Error) => callback(error, {} as NatsMessage) };
}

describe('NatsSubscription', () => {
  it('tells what comes, and of a pattern what it means', () => {
    const { subscription, come, log } = subscribed({ pattern: 'r:a*' });
    for (const subject of ['p.r.ab', 'p.r.b', 'p.r.=']) come(subject);
    subscription.end();
    expect(log).toEqual(['+p.r.>', 'r:ab x undefined', '-p.r.>']);
  });

  it('tells what a stream repeats in its order, with its numbers, once it stands', () => {
    const { subscription, come, log } = subscribed('a');
    const repeat = (sequence: number, before: number): void =>
      come('p.a', { 'Nats-Sequence': String(sequence), 'Nats-Last-Sequence': String(before) });
    repeat(5, 4);
    subscription.begin(5);
    repeat(8, 7);
    repeat(7, 5);
    expect(log).toEqual(['+p.a', 'a x 7', 'a x 8']);
    subscription.stop();
    repeat(9, 8);
    subscription.begin(8);
    expect(log.slice(3)).toEqual(['a x 9']);
    // One that does not say what was before it waits for none.
    come('p.a', { 'Nats-Sequence': '12' });
    expect(log.slice(4)).toEqual(['a x 12']);
  });

  it('says that it is refused', () => {
    const { refuse, log } = subscribed('a');
    refuse(new Error('permissions violation'));
    expect(log).toEqual(['+p.a', 'permissions violation']);
  });
});
