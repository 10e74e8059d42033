/** Chance that is the same for the same seed (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return {
    /** At least 0 and less than 1. */
    next,
    /** A whole number, at least 0 and less than `limit`. */
    below,
    pick: (list) => list[below(list.length)],
    /** Chance of its own, so that what one consumer uses changes nothing for another. */
    fork: () => seeded(below(2 ** 32)),
  };
}
