import { Buffer } from 'node:buffer';
import { describe, expect, it, jest } from '@jest/globals';
import { JetStreamPublisher } from '../../../src/topics/nats/JetStreamPublisher.ts';
import type { NatsConnection, NatsMessage } from '../../../src/topics/nats/NatsConnection.ts';

function publishing(options?: { inboxPrefix: string }) {
  const log: string[] = [];
  const replies: string[] = [];
  let inbox = '';
  let callback!: (error: Error | null, message: NatsMessage) => void;
  const connection = {
    ...(options && { options }),
    publish: (_subject: string, _payload: unknown, { reply = '' } = {}) => void replies.push(reply),
    subscribe: (subject: string, how: { callback: typeof callback }) => {
      inbox = subject;
      ({ callback } = how);
      return { unsubscribe: () => void log.push('left') };
    },
  } as unknown as NatsConnection;
  const publisher = new JetStreamPublisher(connection);
  const publish = (subject: string): void =>
    publisher.publish(subject, 'x', (refusal) => log.push(`${subject}: ${String(refusal)}`));
  const answer = (subject: string, text: string, code?: number): void =>
    callback(null, {
      subject,
      data: Buffer.from(text),
      ...(code !== undefined && { headers: { code, get: () => '' } }),
    });
  return {
    publisher,
    publish,
    answer,
    refuse: (error: Error) => callback(error, {} as never),
    log,
    replies,
    inbox,
  };
}

describe('JetStreamPublisher', () => {
  it('answers each by its own answer, in whatever order they come', () => {
    const { publish, answer, log, replies, inbox } = publishing();
    publish('a');
    publish('b');
    expect(new Set(replies).size).toBe(2);
    expect(inbox).toMatch(/^_INBOX\.[\w-]+\.\*$/);
    for (const reply of replies) expect(reply.startsWith(inbox.slice(0, -1))).toBe(true);
    answer(replies[1]!, '{"stream":"s","seq":2}');
    answer(replies[0]!, '{"stream":"s","seq":1}');
    answer(replies[0]!, '{"stream":"s","seq":1}');
    answer('another', '{}');
    expect(log).toEqual(['b: undefined', 'a: undefined']);
  });

  it('has its answers sent to where the connection may listen', () =>
    expect(publishing({ inboxPrefix: '_of_ann' }).inbox).toMatch(/^_of_ann\.[\w-]+\.\*$/));

  it.each([
    ['{"error":{"code":503,"description":"insufficient resources"}}', 'insufficient resources'],
    ['', '503'],
    ['{', 'no JSON'],
  ])('says what is refused: %j', (text, said) => {
    const { publish, answer, log, replies } = publishing();
    publish('a');
    answer(replies[0]!, text, 503);
    expect(log).toEqual([expect.stringContaining(said)]);
  });

  it('says what the connection refuses, of that subject', () => {
    const { publisher, publish, log } = publishing();
    for (const subject of ['a', 'b', 'a']) publish(subject);
    publisher.refused('a', 'denied');
    expect(log).toEqual(['a: denied', 'a: denied']);
  });

  it('publishes nothing any more where it gets no answers', () => {
    const { publish, refuse, log, replies } = publishing();
    publish('a');
    refuse(new Error('permissions violation'));
    expect(log).toEqual(['a: Error: permissions violation']);
    expect(() => publish('a')).toThrow('permissions violation');
    expect(replies).toHaveLength(1);
  });

  it('waits 5 s for each answer, and says then that none came', () => {
    jest.useFakeTimers();
    const { publish, answer, log, replies } = publishing();
    publish('a');
    jest.advanceTimersByTime(3_000);
    publish('b');
    publish('c');
    answer(replies[1]!, '{"stream":"s","seq":2}');
    jest.advanceTimersByTime(1_999);
    expect(log).toEqual(['b: undefined']);
    jest.advanceTimersByTime(1);
    expect(log.slice(1)).toEqual(['a: Error: JetStream did not answer for 5000 ms']);
    jest.advanceTimersByTime(3_000);
    expect(log.slice(2)).toEqual(['c: Error: JetStream did not answer for 5000 ms']);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('answers nobody any more when it is closed, and leaves nothing', () => {
    jest.useFakeTimers();
    const { publisher, publish, answer, log, replies } = publishing();
    publish('a');
    publisher.close();
    answer(replies[0]!, '{"stream":"s","seq":1}');
    expect(log).toEqual(['left']);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });
});
