// A server of `lib` (the library, or the control) for one attempt.
import { tap } from 'rxjs';
import { until } from './until.mjs';

/**
 * Listens with `project`, and remembers what becomes of its connections, until the attempt is over. `lib` is the library
 * or what stands in for it.
 */
export async function serve(lib, attempt, project, config = {}) {
  const seen = { connections: [], closes: [], ended: [], errors: [], emissions: 0, over: undefined };
  let port;
  const told = config.listening;
  const subscription = lib
    .listen({
      host: '127.0.0.1',
      onError: (error, where) => seen.errors.push({ error, where }),
      ...config,
      listening: (address) => {
        port = address.port;
        return typeof told === 'function' ? told(address) : undefined;
      },
    })
    .pipe(
      tap((connection) => {
        seen.connections.push(connection);
        connection.closed.subscribe((close) => seen.closes.push(close));
      }),
      lib.handle(project),
    )
    .subscribe({
      next: (ended) => seen.ended.push(ended),
      error: (error) => (seen.over = error),
      complete: () => (seen.over = 'complete'),
    });
  attempt.after(() => subscription.unsubscribe());
  if (config.server === undefined)
    await until(() => port !== undefined || seen.over, 'a server that listens');
  return { port, seen, stop: () => subscription.unsubscribe() };
}

/** What a connection gives from now on. */
export function watched({ messages, closed }) {
  const seen = { messages: [], closes: [], completes: 0 };
  closed.subscribe((close) => seen.closes.push(close));
  messages.subscribe({ next: (message) => seen.messages.push(message), complete: () => seen.completes++ });
  return seen;
}
