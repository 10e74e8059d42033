/** Between two attempts. Beyond two seconds nobody waits. */
export const delayMs = (attempts: number): number => Math.min(50 * 2 ** Math.min(attempts, 6), 2_000);
