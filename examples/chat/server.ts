// A chat on any number of nodes: rooms with their history, and who is in them, on whichever node.
//   PORT=8080 OTHER_PORTS=8081 REDIS=redis://127.0.0.1 tsx examples/chat/server.ts
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import {
  CloseError,
  type Handler,
  handle,
  json,
  listen,
  memory,
  prepare,
  type Prepared,
  topics,
} from 'rxjs-ws';
import { redis } from 'rxjs-ws/redis';
import {
  combineLatest,
  delay,
  distinctUntilChanged,
  filter,
  finalize,
  fromEvent,
  groupBy,
  ignoreElements,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  scan,
  shareReplay,
  startWith,
  switchMap,
  take,
  tap,
  timer,
} from 'rxjs';
import { server as codec, type ToClient, type ToServer } from './contract.ts';

const { PORT = '8080', OTHER_PORTS = '', REDIS } = process.env;
const bus = (history: { length: number } | false) =>
  REDIS === undefined ? memory({ history }) : redis({ url: REDIS, history });

const rooms = topics({
  codec,
  bus: bus({ length: 200 }),
  withId: (message: ToClient, id) => (message.type === 'line' ? { ...message, id } : message),
});

// `presence` is of this process. So each node tells the others whom it has in a room: at each change, and each second.
type Roster = { node: string; names: string[] };
const rosters = topics({ codec: json<Roster>(), bus: bus(false) });
const node = randomUUID();
const beatMs = 1_000;

const membersIn = (room: string): Observable<Prepared<ToClient>> => {
  const tell = (names: string[]) => rosters.publish(`members:${room}`, { node, names });
  const own = rooms.presence(`room:${room}`).pipe(
    scan((names: string[], { kind, member }) => {
      return kind === 'joined' ? [...names, member] : names.filter((name) => name !== member);
    }, []),
    startWith([]),
    shareReplay({ bufferSize: 1, refCount: true }),
  );
  const telling = combineLatest([own, timer(0, beatMs)]).pipe(
    tap(([names]) => tell(names)),
    ignoreElements(),
    finalize(() => tell([])),
  );
  const others = rosters.messages(`members:${room}`).pipe(
    map(({ value }) => value),
    filter((roster) => roster.node !== node),
    groupBy((roster) => roster.node),
    // A node that is silent for three beats is gone, and with it whom it had.
    mergeMap((beats) =>
      beats.pipe(
        switchMap((roster) => of({ ...roster, names: [] }).pipe(delay(3 * beatMs), startWith(roster))),
      ),
    ),
    scan((nodes, { node, names }) => new Map(nodes).set(node, names), new Map<string, string[]>()),
    map((nodes) => [...nodes.values()].flat()),
    startWith([]),
  );
  const all = combineLatest([own, others]).pipe(
    map((names) => [...new Set(names.flat())].sort()),
    distinctUntilChanged((before, now) => JSON.stringify(before) === JSON.stringify(now)),
    map((names) => prepare({ type: 'members' as const, names }, codec)),
  );
  return merge(all, telling);
};

/** One for all who are in a room. */
const shared = new Map<string, Observable<Prepared<ToClient>>>();
const membersOf = (room: string) => {
  let members = shared.get(room);
  members ??= membersIn(room).pipe(
    finalize(() => shared.delete(room)),
    shareReplay({ bufferSize: 1, refCount: true }),
  );
  shared.set(room, members);
  return members;
};

const chat: Handler<ToServer, ToClient> = ({ messages, writable }) =>
  messages.pipe(
    take(1),
    switchMap((first) => {
      if (first.type !== 'join') throw new CloseError(4400, 'join first');
      const { room, name, since } = first;
      const said = messages.pipe(
        filter((message) => message.type === 'say'),
        // The bus knows the id: `withId`. What it does not take, or loses, the page says again.
        map(({ key, text }): ToClient => ({ type: 'line', id: '', key, from: name, text, at: Date.now() })),
        tap((line) => rooms.publish(`room:${room}`, line)),
        ignoreElements(),
      );
      const pongs = messages.pipe(
        filter((message) => message.type === 'ping'),
        map(() => ({ type: 'pong' as const })),
      );
      const gap = (): ToClient => ({ type: 'gap' });
      const lines = rooms.messages(`room:${room}`, { since, writable, gap, member: name });
      return merge(lines, membersOf(room), said, pongs);
    }),
  );

// The page, with the contract and the library's browser build in it, and the ports of the other nodes.
const page = await readFile(join(import.meta.dirname, 'page.html'));
const { outputFiles } = await build({
  entryPoints: [join(import.meta.dirname, 'page.ts')],
  bundle: true,
  format: 'esm',
  define: { OTHER_PORTS: JSON.stringify(OTHER_PORTS.split(',').filter(Boolean)) },
  write: false,
});
const server = createServer(({ url }, response) => {
  const file = url === '/page.js' ? 'text/javascript' : 'text/html';
  response.setHeader('content-type', `${file}; charset=utf-8`);
  response.end(url === '/page.js' ? outputFiles[0]!.contents : page);
});

listen({
  server,
  path: '/chat',
  codec,
  closeWhen: merge(...['SIGINT', 'SIGTERM', 'disconnect'].map((event) => fromEvent(process, event))),
  // Who has left is told nothing more.
  finishTimeoutMs: 0,
  maxMessageBytes: 4_096,
  maxMessagesPerSecond: 20,
  listening: ({ port }) => console.log(`open http://localhost:${port} (process ${process.pid})`),
})
  .pipe(handle(chat))
  .subscribe({ complete: () => server.close() });
server.on('error', ({ message }) => {
  console.error(message);
  process.exit(1);
});
server.listen(Number(PORT));
