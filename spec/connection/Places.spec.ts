import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { Places } from '../../src/connection/Places.ts';
import { Slot } from '../../src/core/Slot.ts';

const lane = { left: () => {}, conflate: () => {}, report: () => {} };
const slotOf = (text: string): Slot => new Slot(text, text.length, undefined, lane);

describe('Places', () => {
  it('passes over emptied slots at the front', () => {
    const places = new Places<Slot | string>();
    const [a, c] = [slotOf('a'), slotOf('c')];
    for (const item of [a, 'b', c]) places.push(item);
    expect([places.first, places.at(1), places.length]).toEqual([a, 'b', 3]);
    a.content = c.content = undefined;
    expect([places.first, places.length]).toEqual(['b', 2]);
    expect([places.shift(), places.shift(), places.first, places.length]).toEqual([
      'b',
      undefined,
      undefined,
      0,
    ]);
  });

  it('replaces what is there, and sweeps out the emptied', () => {
    const places = new Places<Slot | string>();
    const slot = slotOf('a');
    for (const item of ['x', slot, 'y']) places.push(item);
    slot.content = undefined;
    places.replace((item) => `${item as string}!`);
    expect([places.shift(), places.shift(), places.shift()]).toEqual(['x!', 'y!', undefined]);
  });

  it('does not grow with what is dropped behind a front that stays', () => {
    const places = new Places<Slot>();
    const front = slotOf('front');
    places.push(front);
    for (let n = 0; n < 100_000; n++) {
      const slot = slotOf(`${n}`);
      places.push(slot);
      slot.content = undefined;
    }
    expect(places.length).toBeLessThan(2_000);
    expect(places.shift()).toBe(front);
  });

  it('keeps the order of all that was not emptied', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 5_000, size: 'max' }), (keeps) => {
        const places = new Places<Slot>();
        const kept = keeps.flatMap((keep, n) => {
          const slot = slotOf(`${n}`);
          places.push(slot);
          if (!keep) slot.content = undefined;
          return keep ? [slot] : [];
        });
        expect(Array.from({ length: kept.length + 1 }, () => places.shift())).toEqual([...kept, undefined]);
      }),
      { numRuns: 30 },
    );
  });
});
