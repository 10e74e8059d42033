import { setImmediate as turn } from 'node:timers/promises';
import { expect } from '@jest/globals';

const count = (kind: RegExp): number =>
  process.getActiveResourcesInfo().filter((name) => kind.test(name)).length;

/** Waits until this process has no socket; not for ever. */
async function noSockets(): Promise<void> {
  const sockets = /^(TCPSocket|TCPConnect|TLS|GetAddrInfo)/;
  const patience = performance.now() + 2_000;
  while (count(sockets) > 0 && performance.now() < patience) await turn();
  expect(count(sockets)).toBe(0);
}

/** Runs `body`, and then there is no socket, and no timer that was not there before. */
export async function leavesNothing(body: () => Promise<void>): Promise<void> {
  await noSockets();
  const timers = count(/^Timeout/);
  await body();
  await noSockets();
  expect(count(/^Timeout/)).toBe(timers);
}
