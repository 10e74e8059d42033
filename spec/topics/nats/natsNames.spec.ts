import { describe, expect, it } from '@jest/globals';
import { natsNames } from '../../../src/topics/nats/natsNames.ts';

const TOPICS = ['', ':', '::a', 'room:lobby', 'a.b', '*', '>', ' ', '=', '=2A', '\0\r\n', 'ü', '👩‍👩‍👧', 'A-z_9'];

describe('natsNames', () => {
  const names = natsNames('p.t');

  it('makes subjects of topics, and topics of these', () => {
    const subjects = TOPICS.map((topic) => names.subject(topic));
    expect(subjects.map((subject) => names.topic(subject))).toEqual(TOPICS);
    expect(new Set(subjects).size).toBe(TOPICS.length);
    for (const subject of subjects) expect(subject).toMatch(/^p\.t(\.[\w=-]+)+$/);
    expect(names.subject('room:lobby')).toBe('p.t.room.lobby');
  });

  it('knows what is no subject of ours', () => {
    for (const subject of ['p.t', 'p.x.a', 'p.t.a b', 'p.t.=2', 'p.t.a.', 'p.t.=zz'])
      expect(names.topic(subject)).toBeUndefined();
  });

  it.each([
    ['room:*', 'p.t.room.>'],
    ['room:a*', 'p.t.room.>'],
    ['*', 'p.t.>'],
    ['ro*:a', 'p.t.>'],
    ['a b:*', 'p.t.a=20b.>'],
    ['room:a', 'p.t.room.a'],
  ])('makes %j of the pattern %j', (pattern, subject) =>
    expect(names.pattern(pattern).subject).toBe(subject),
  );

  it('matches what the wildcard is too wide for', () => {
    const { matches } = names.pattern('room:a*');
    expect(['room:a', 'room:ab', 'room:b'].map(matches)).toEqual([true, true, false]);
  });
});
