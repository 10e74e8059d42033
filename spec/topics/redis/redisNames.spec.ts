import { describe, expect, it } from '@jest/globals';
import { redisNames } from '../../../src/topics/redis/redisNames.ts';

const TOPICS = ['', 'a', '{a}', '}{', '%7B', '%', 'a b', '*', '👩‍👩‍👧'];

describe('redisNames', () => {
  it.each([false, true])('finds the topic of a channel; sharded: %p', (sharded) => {
    const names = redisNames('p:', sharded);
    expect(TOPICS.map((topic) => names.topic(names.channel(topic)))).toEqual(TOPICS);
    expect(new Set(TOPICS.map((topic) => names.history(topic))).size).toBe(TOPICS.length);
  });

  it('puts channel and history of a sharded topic into one slot', () => {
    const names = redisNames('p:', true);
    expect(names.channel('a{b}c')).toBe('p:{a%7Bb%7Dc}');
    expect(names.history('a{b}c')).toBe('p:history:{a%7Bb%7Dc}');
    // An empty one is none.
    expect([names.channel(''), names.history('')]).toEqual(['p:{%}', 'p:history:{%}']);
  });

  it('lets a pattern have stars, and nothing else of what Redis knows', () => {
    expect(redisNames('p*:', false).pattern('a*[b]?\\^')).toBe('p\\*:a*\\[b\\]\\?\\\\\\^');
  });
});
