import { Layout } from '../../../src/topics/redis/Layout.ts';
import type { RedisNodes } from '../../../src/topics/redis/RedisNodes.ts';
import { FakeConnection } from './FakeConnection.ts';

/** Nodes that a spec moves; `seed` is who is asked first. */
export function fakeNodes() {
  const opened: [string, FakeConnection][] = [];
  const open = (address: string): FakeConnection => {
    const connection = new FakeConnection();
    opened.push([address, connection]);
    return connection;
  };
  const now = { layout: Layout.of('a:1'), error: undefined as Error | undefined };
  const nodes: RedisNodes = {
    seeds: () => Promise.resolve([{ host: 'seed', open: () => open('seed') }]),
    at: open,
    ask: () => (now.error === undefined ? Promise.resolve(now.layout) : Promise.reject(now.error)),
    check: () => Promise.resolve(),
    areAsked: false,
  };
  /** The connection to it that was opened last, once it is. */
  const to = async (address: string): Promise<FakeConnection> => {
    for (;;) {
      const found = [...opened]
        .reverse()
        .find(([each, { log }]) => each === address && !log.includes('close'));
      if (found?.[1].events !== undefined) return found[1];
      await new Promise((later) => setImmediate(later));
    }
  };
  return { nodes, now, to, opened };
}
