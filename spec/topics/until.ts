import { setTimeout as wait } from 'node:timers/promises';

/** Asks a server until it says so; for what no event tells. The spec's own timeout ends it. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(5);
}
