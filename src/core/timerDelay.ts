/** No platform takes a longer delay than this, 24 days; it would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** `delayMs`, or the longest that a timer can be. */
export function timerDelay(delayMs: number): number {
  return Math.min(delayMs, LONGEST_MS);
}
