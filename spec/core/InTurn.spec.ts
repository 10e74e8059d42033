import { describe, expect, it } from '@jest/globals';
import { InTurn } from '../../src/core/InTurn.ts';

describe('InTurn', () => {
  it('gives at once, and behind it what is added meanwhile', () => {
    const log: string[] = [];
    const turn: InTurn<number> = new InTurn((item) => {
      log.push(`begin ${item}`);
      if (item < 3) turn.add(item + 1);
      log.push(`end ${item}`);
    });
    turn.add(1);
    expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
  });

  it('calls what is first at once, also within another, and gives what that adds behind it', () => {
    const log: unknown[] = [];
    const turn: InTurn<number> = new InTurn((item) => {
      log.push(item);
      if (item === 1) turn.run(() => log.push('within'));
    });
    turn.run(() => {
      turn.add(1);
      turn.add(2);
      log.push('first');
    });
    expect(log).toEqual(['first', 1, 'within', 2]);
  });

  it('goes on where one has thrown', () => {
    const got: number[] = [];
    const turn: InTurn<number> = new InTurn((item) => {
      if (item === 1) {
        turn.add(2);
        throw new Error('one');
      }
      got.push(item);
    });
    expect(() => turn.add(1)).toThrow('one');
    expect(() =>
      turn.run(() => {
        throw new Error('first');
      }),
    ).toThrow('first');
    turn.add(3);
    expect(got).toEqual([2, 3]);
  });
});
