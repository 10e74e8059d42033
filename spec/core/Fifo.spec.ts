import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { Fifo } from '../../src/core/Fifo.ts';

describe('Fifo', () => {
  it('gives back in the order of push, and undefined when it is empty', () => {
    const fifo = new Fifo<string>();
    expect(fifo.shift()).toBeUndefined();
    fifo.push('a');
    fifo.push('b');
    expect([fifo.length, fifo.at(0), fifo.at(1), fifo.at(2)]).toEqual([2, 'a', 'b', undefined]);
    expect([fifo.shift(), fifo.shift(), fifo.shift(), fifo.length]).toEqual(['a', 'b', undefined, 0]);
  });

  it('holds undefined as any other item', () => {
    const fifo = new Fifo<undefined>();
    fifo.push(undefined);
    expect(fifo.length).toBe(1);
    fifo.shift();
    expect(fifo.length).toBe(0);
  });

  it('is empty after clear, and used again', () => {
    const fifo = new Fifo<number>();
    for (let n = 0; n < 3_000; n++) fifo.push(n);
    fifo.shift();
    fifo.clear();
    expect([fifo.length, fifo.at(0), fifo.shift()]).toEqual([0, undefined, undefined]);
    fifo.push(7);
    expect(fifo.shift()).toBe(7);
  });

  it('does what an array does', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ push: fc.integer({ min: 1, max: 2_000 }) }) },
      { weight: 3, arbitrary: fc.record({ shift: fc.integer({ min: 1, max: 2_000 }) }) },
      { weight: 1, arbitrary: fc.constant({ clear: true }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const fifo = new Fifo<number>();
        const model: number[] = [];
        let next = 0;
        for (const { push = 0, shift = 0, clear = false } of steps as {
          push?: number;
          shift?: number;
          clear?: boolean;
        }[]) {
          for (let n = 0; n < push; n++) {
            fifo.push(next);
            model.push(next++);
          }
          const taken = Array.from({ length: shift }, () => fifo.shift());
          expect(taken).toEqual([...model.splice(0, shift), ...Array<undefined>(shift)].slice(0, shift));
          if (clear) {
            fifo.clear();
            model.length = 0;
          }
          expect([fifo.length, fifo.at(0), fifo.at(model.length - 1)]).toEqual([
            model.length,
            model[0],
            model.at(-1),
          ]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
