import { setTimeout } from 'node:timers/promises';

/** `count` bursts, a moment apart: each leaves the sockets before the next one comes. */
export async function inBursts(count, burst) {
  for (let i = 0; i < count; i++) {
    burst();
    await setTimeout(5);
  }
}
