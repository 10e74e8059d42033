import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { NatsConnection } from '../../../src/topics/nats/NatsConnection.ts';
import { NatsPublisher } from '../../../src/topics/nats/NatsPublisher.ts';

function publishing(over: Partial<NatsConnection> = {}) {
  const log: string[] = [];
  const connection = {
    publish: (subject: string) => void log.push(`publish ${subject}`),
    flush: () => (log.push('flush'), Promise.resolve()),
    ...over,
  } as NatsConnection;
  const publisher = new NatsPublisher(connection);
  const publish = (subject: string): void =>
    publisher.publish(subject, 'x', (refusal) => log.push(`${subject} ${String(refusal)}`));
  return { publisher, publish, log };
}

describe('NatsPublisher', () => {
  it('flushes once for all of a turn, and answers then', async () => {
    const { publish, log } = publishing();
    publish('a');
    publish('b');
    await turn();
    await turn();
    expect(log).toEqual(['publish a', 'publish b', 'flush', 'a undefined', 'b undefined']);
    publish('c');
    await turn();
    await turn();
    expect(log.slice(5)).toEqual(['publish c', 'flush', 'c undefined']);
  });

  it('answers what was refused, until it was answered', async () => {
    const { publisher, publish, log } = publishing();
    publish('a');
    publish('b');
    publisher.refused('a', 'denied');
    await turn();
    await turn();
    await turn();
    publish('a');
    await turn();
    await turn();
    expect(log.filter((line) => / (denied|undefined)/.test(line))).toEqual([
      'a denied',
      'b undefined',
      'a undefined',
    ]);
  });

  it('answers all where the flush fails', async () => {
    const { publish, log } = publishing({ flush: () => Promise.reject(new Error('closed')) });
    publish('a');
    await turn();
    expect(log).toEqual(['publish a', 'a Error: closed']);
  });

  it('throws where the client throws, and answers nothing then', async () => {
    const { publish, log } = publishing({
      publish: () => {
        throw new Error('too large');
      },
    });
    expect(() => publish('a')).toThrow('too large');
    await turn();
    await turn();
    expect(log).toEqual(['flush']);
  });

  it('answers nobody any more when it is closed', async () => {
    const { publisher, publish, log } = publishing();
    publish('a');
    publisher.close();
    await turn();
    await turn();
    expect(log).toEqual(['publish a', 'flush']);
  });
});
