import { describe, expect, it } from '@jest/globals';
import { text } from '../../src/codecs/text.ts';
import { OpenTopics } from '../../src/topics/OpenTopics.ts';

const kept = (open: OpenTopics<string>): unknown[] => {
  const { channels, attendance } = open as unknown as {
    channels: Map<string, unknown>;
    attendance: { topics: Map<string, unknown> };
  };
  return [channels.size, attendance.topics.size];
};

describe('OpenTopics', () => {
  it('keeps a topic as long as somebody listens: 100,000 leave nothing', () => {
    const open = new OpenTopics({ codec: text() });
    let got = 0;
    for (let i = 0; i < 100_000; i++) {
      const subscription = open.messages(`room:${i}`, { member: 'ann' }).subscribe(() => got++);
      open.publish(`room:${i}`, 'x');
      subscription.unsubscribe();
    }
    expect(got).toBe(100_000);
    expect(kept(open)).toEqual([0, 0]);
  });

  it('tells of who is there already: what is published then comes to it', () => {
    const open = new OpenTopics({ codec: text() });
    open.presence('a').subscribe(({ kind, member }) => open.publish('a', `${member} ${kind}`));
    const got: string[] = [];
    open.messages('a', { member: 'ann' }).subscribe(({ value }) => got.push(value));
    open.messages('a', { member: 'bob' }).subscribe().unsubscribe();
    expect(got).toEqual(['ann joined', 'bob joined', 'bob left']);
  });

  it('publishes to nobody without keeping anything', () => {
    const open = new OpenTopics({ codec: text() });
    for (let i = 0; i < 1_000; i++) open.publish(`room:${i}`, 'x');
    expect(kept(open)).toEqual([0, 0]);
  });
});
