import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Holds } from '../../src/connection/Holds.ts';
import { collect } from './contract/Pair.ts';

describe('Holds', () => {
  it('counts each once, however often and by whichever name it is released', () => {
    const holds = new Holds(() => {});
    const [a, b] = [holds.hold(), holds.hold()];
    a.unsubscribe();
    a.unsubscribe();
    a[Symbol.dispose]();
    expect(holds.isHeld).toBe(true);
    b[Symbol.dispose]();
    expect(holds.isHeld).toBe(false);
  });

  it('says on `reading` only what changes', () => {
    const holds = new Holds(() => {});
    const { values } = collect(holds.reading);
    const [a, b] = [holds.hold(), holds.hold()];
    a.unsubscribe();
    const late = collect(holds.reading);
    b.unsubscribe();
    expect([values, late.values]).toEqual([
      [true, false, true],
      [false, true],
    ]);
  });

  it('calls back at each change, when it is already so', () => {
    const seen: boolean[] = [];
    const holds: Holds = new Holds(() => seen.push(holds.isHeld));
    const [a, b] = [holds.hold(), holds.hold()];
    a.unsubscribe();
    b.unsubscribe();
    expect(seen).toEqual([true, true, true, false]);
  });

  it('is disposed of with its scope', () => {
    const holds = new Holds(jest.fn());
    {
      using hold = holds.hold();
      expect([hold !== undefined, holds.isHeld]).toEqual([true, true]);
    }
    expect(holds.isHeld).toBe(false);
  });

  it('goes back to zero from any order of releases', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), (picks) => {
        const holds = new Holds(() => {});
        const held = Array.from({ length: 10 }, () => holds.hold());
        const left = new Set(held);
        for (const pick of picks) {
          held[pick]!.unsubscribe();
          left.delete(held[pick]!);
          expect(holds.isHeld).toBe(left.size > 0);
        }
        for (const hold of held) hold.unsubscribe();
        expect(holds.isHeld).toBe(false);
      }),
    );
  });

  it('completes `reading` with the connection', () => {
    const holds = new Holds(() => {});
    const reading = collect(holds.reading);
    holds.complete();
    holds.hold();
    expect(reading).toMatchObject({ values: [true], isComplete: true });
    expect(collect(holds.reading).isComplete).toBe(true);
  });
});
