import { setImmediate as turn } from 'node:timers/promises';
import { expect, jest } from '@jest/globals';

const sockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => /^(TCPSocket|TCPConnect|TLS|GetAddrInfo)/.test(name))
    .length;

/** Waits until this process has no socket; not for ever. */
async function noSockets(): Promise<void> {
  const patience = performance.now() + 2_000;
  while (sockets() > 0 && performance.now() < patience) await turn();
  expect(sockets()).toBe(0);
}

/** Runs `body`, and then there is no socket, and every timer that was set has been cleared. */
export async function leavesNothing(body: () => Promise<void>): Promise<void> {
  await noSockets();
  const set = [jest.spyOn(globalThis, 'setTimeout'), jest.spyOn(globalThis, 'setInterval')];
  const clear = [jest.spyOn(globalThis, 'clearTimeout'), jest.spyOn(globalThis, 'clearInterval')];
  try {
    await body();
    await noSockets();
    const cleared = new Set<unknown>(clear.flatMap(({ mock }) => mock.calls.map(([timer]) => timer)));
    const timers = set.flatMap(({ mock }) => mock.results.map(({ value }) => value));
    // The deadline of the handshake, at least.
    expect(timers.length).toBeGreaterThan(0);
    expect(timers.filter((timer) => !cleared.has(timer)).length).toBe(0);
  } finally {
    for (const spy of [...set, ...clear]) spy.mockRestore();
  }
}
