import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

/** Waits until `condition` holds; throws after `withinMs`, which is long: a busy machine is no fault. */
export async function until(condition, what, withinMs = 10_000) {
  const patience = performance.now() + withinMs;
  for (let looks = 0; !(await condition()); looks++) {
    if (performance.now() > patience) throw new Error(`${what} did not come within ${withinMs} ms`);
    if (looks < 20) await turn();
    else await sleep(2);
  }
}

export { sleep, turn };
