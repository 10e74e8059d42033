import type { Hold } from '../core/Valve.ts';

/** What can be held: one reason not to deliver is enough. */
export interface Holdable {
  holdCount: number;
  /** Told at each change, when it is already so. */
  holdsChanged(): void;
}

/** Holds `held`; it counts once, however often and by whichever name it is released. */
export function hold(held: Holdable): Hold {
  let isHolding = true;
  const unsubscribe = (): void => {
    if (!isHolding) return;
    isHolding = false;
    held.holdCount--;
    held.holdsChanged();
  };
  held.holdCount++;
  held.holdsChanged();
  return { unsubscribe, [Symbol.dispose]: unsubscribe };
}
