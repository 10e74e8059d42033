import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hold, type Holdable } from '../../src/connection/hold.ts';

const heldOf = (holdsChanged = () => {}): Holdable => ({ holdCount: 0, holdsChanged });

describe('hold', () => {
  it('counts each once, however often and by whichever name it is released', () => {
    const holds = heldOf();
    const [a, b] = [hold(holds), hold(holds)];
    a.unsubscribe();
    a.unsubscribe();
    a[Symbol.dispose]();
    expect(holds.holdCount).toBe(1);
    b[Symbol.dispose]();
    expect(holds.holdCount).toBe(0);
  });

  it('calls back at each change, when it is already so', () => {
    const seen: number[] = [];
    const holds = heldOf(() => seen.push(holds.holdCount));
    const [a, b] = [hold(holds), hold(holds)];
    a.unsubscribe();
    b.unsubscribe();
    expect(seen).toEqual([1, 2, 1, 0]);
  });

  it('is disposed of with its scope', () => {
    const holds = heldOf();
    {
      using held = hold(holds);
      expect([held !== undefined, holds.holdCount]).toEqual([true, 1]);
    }
    expect(holds.holdCount).toBe(0);
  });

  it('goes back to zero from any order of releases', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), (picks) => {
        const holds = heldOf();
        const held = Array.from({ length: 10 }, () => hold(holds));
        const left = new Set(held);
        for (const pick of picks) {
          held[pick]!.unsubscribe();
          left.delete(held[pick]!);
          expect(holds.holdCount).toBe(left.size);
        }
        for (const { unsubscribe } of held) unsubscribe();
        expect(holds.holdCount).toBe(0);
      }),
    );
  });
});
