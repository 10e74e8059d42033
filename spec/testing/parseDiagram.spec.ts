import { describe, expect, it } from '@jest/globals';
import { TestScheduler } from 'rxjs/testing';
import { type DiagramKind, hasValue, parseDiagram } from '../../src/testing/parseDiagram.ts';

const signs = (marbles: string, kind: DiagramKind = 'stream', values?: unknown): string =>
  parseDiagram(marbles, kind, 'here', values)
    .marks.map(({ frame, sign }) => `${frame}${sign}`)
    .join(' ');

describe('parseDiagram', () => {
  it.each([
    ['', ''],
    ['--', ''],
    ['a', '0a'],
    ['  -a-b', '1a 3b'],
    ['-(ab)-c', '1a 1b 6c'],
    ['-(ab|)', '1a 1b 1|'],
    ['-a 10ms b', '1a 12b'],
    ['5s x', '5000x'],
    ['1.5s x', '1500x'],
    ['1m x', '60000x'],
    ['- 2ms (x|)', '3x 3|'],
    ['-#', '1#'],
    ['-a-|---', '1a 3|'],
    ['-😀-a', '1😀 3a'],
    ['1-2', '01 22'],
  ])('reads %j', (marbles, expected) => {
    expect(signs(marbles)).toBe(expected);
  });

  it('reads the times that RxJS reads', () => {
    new TestScheduler(() => {}).run(() => {
      for (const marbles of ['-a 10ms b-(cd) 1.5s e|', '  --(ab)-c', '1s a 1m b', 'a(b|)']) {
        const read = TestScheduler.parseMarbles(marbles, undefined, undefined, undefined, true);
        expect(parseDiagram(marbles, 'stream', 'here').marks.map(({ frame }) => frame)).toEqual(
          read.map(({ frame }) => frame),
        );
      }
    });
  });

  it('says where a letter stands', () => {
    expect(parseDiagram(' -(ab)', 'stream', 'here').marks.map(({ column }) => column)).toEqual([4, 5]);
  });

  it('reads states and subscriptions', () => {
    expect(signs('t-f', 'states')).toBe('0t 2f');
    expect(signs('-^--!', 'subscription')).toBe('1^ 4!');
    expect(signs('--^-a', 'hot')).toBe('2^ 4a');
  });

  it.each<[string, DiagramKind, number, string]>([
    ['-(ab', 'stream', 2, 'the group is not closed'],
    ['-ab)', 'stream', 4, 'there is no group to close'],
    ['-(a(b))', 'stream', 4, 'a group cannot be inside another'],
    ['-(a-b)', 'stream', 4, 'no time passes inside a group'],
    ['-(a 5ms b)', 'stream', 5, 'no time passes inside a group'],
    ['-a-|-b', 'stream', 6, 'nothing follows the end "|"'],
    ['#a', 'stream', 2, 'nothing follows the end "#"'],
    ['-a5s b', 'stream', 3, 'time is written with a space before and behind it: " 5s "'],
    ['-a 10ms', 'stream', 4, 'time is written with a space before and behind it: " 10ms "'],
    ['5s', 'stream', 1, 'time is written with a space before and behind it: " 5s "'],
    ['-^a', 'stream', 2, '"^" has no meaning here'],
    ['-!', 'stream', 2, '"!" has no meaning here'],
    ['-a|', 'events', 3, '"|" has no meaning here'],
    ['^-^', 'hot', 3, 'there is one "^" already'],
    ['t-x', 'states', 3, 'a state is "t" or "f"'],
    ['t-|', 'states', 3, 'a state is "t" or "f"'],
    ['^-a', 'subscription', 3, 'a subscription has "^", "!" and "-"'],
    ['^-!-!', 'subscription', 5, 'nothing follows the end "!"'],
  ])('refuses %j (%s) at column %d', (marbles, kind, column, what) => {
    const caret = `${' '.repeat(column + 1)}^`;
    expect(() => parseDiagram(marbles, kind, 'here')).toThrow(
      new SyntaxError(
        `here: column ${column} ("${[...marbles][column - 1]}"): ${what}\n\n  ${marbles}\n${caret}`,
      ),
    );
  });

  it('takes digits and a unit for letters where they have values', () => {
    expect(signs('-1s-', 'stream', { 1: 'one', s: 'ess' })).toBe('11 2s');
  });
});

describe('hasValue', () => {
  it('looks at own members only', () => {
    expect(hasValue({ a: undefined }, 'a')).toBe(true);
    expect(hasValue({ a: 1 }, 'b')).toBe(false);
    expect(hasValue({}, 'toString')).toBe(false);
    expect(hasValue(undefined, 'a')).toBe(false);
  });
});
