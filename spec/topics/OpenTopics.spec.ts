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

  it('publishes to nobody without keeping anything', () => {
    const open = new OpenTopics({ codec: text() });
    for (let i = 0; i < 1_000; i++) open.publish(`room:${i}`, 'x');
    expect(kept(open)).toEqual([0, 0]);
  });
});
