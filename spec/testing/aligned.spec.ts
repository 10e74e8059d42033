import { describe, expect, it } from '@jest/globals';
import { aligned, duration } from '../../src/testing/aligned.ts';
import { parseDiagram } from '../../src/testing/parseDiagram.ts';

const rows = (...diagrams: string[]): string[] =>
  aligned(...diagrams.map((marbles) => parseDiagram(marbles, 'stream', 'here').marks));

describe('aligned', () => {
  it.each([
    [
      ['', ''],
      ['', ''],
    ],
    [
      ['--a-b', '--a-b'],
      ['--a-b', '--a-b'],
    ],
    [
      ['--a-b', '---a-b'],
      ['--a-b-', '---a-b'],
    ],
    [
      ['-a|', '-a-'],
      ['-a|', '-a-'],
    ],
    [
      ['-(ab)-c', '-a----c'],
      ['-(ab)-c', '-a----c'],
    ],
    [
      ['5s x', '6s x'],
      ['5s x 999ms -', '5s - 999ms x'],
    ],
    [
      ['a 100ms b', 'a'],
      ['a 100ms b', 'a 100ms -'],
    ],
    [
      ['a----(bc|)', '(abc|)'],
      ['a----(bc|)', '(abc|)----'],
    ],
    [
      ['(ab)-c 5s d', '-----c'],
      ['(ab)-c 5s d', '-----c 5s -'],
    ],
    [
      ['(abcdef) 5s g', 'a 3s b'],
      ['(abcdef) 2993ms - 2006ms g', 'a------- 2993ms b 2006ms -'],
    ],
  ])('%j', (diagrams, expected) => {
    expect(rows(...diagrams)).toEqual(expected);
  });

  it('moves what cannot be written', () => {
    const at = (frame: number, sign: string) => ({ frame, sign });
    expect(aligned([at(1, 'a'), at(1, 'b'), at(2, 'c'), at(9, 'd')], [at(2, 'c'), at(9, 'd')])).toEqual([
      '-(ab)c------d',
      '-----c------d',
    ]);
  });

  it('can be read again', () => {
    const marbles = '--a-(bc)-d 30ms e|';
    expect(rows(marbles, '')[0]).toBe(marbles);
  });
});

describe('duration', () => {
  it.each([
    [1, '1ms'],
    [1_500, '1500ms'],
    [2_000, '2s'],
    [120_000, '2m'],
  ])('%d', (ms, expected) => {
    expect(duration(ms)).toBe(expected);
  });
});
