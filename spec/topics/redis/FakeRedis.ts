import { EventEmitter } from 'node:events';

/** A client of either kind that a spec moves: every call is written down, and succeeds. */
export function fakeRedis() {
  const events = new EventEmitter();
  const log: string[] = [];
  const call =
    (name: string) =>
    (...args: unknown[]): Promise<unknown> => {
      const shown = args.flat().filter((arg) => typeof arg === 'string');
      log.push([name, ...shown].join(' '));
      return Promise.resolve(args);
    };
  const client = new Proxy({ on: events.on.bind(events) } as Record<string, unknown>, {
    get: (own, name) =>
      name === 'withTypeMapping' ? () => client : name in own ? own[name as string] : call(String(name)),
  });
  return { client, log, emit: events.emit.bind(events) };
}
