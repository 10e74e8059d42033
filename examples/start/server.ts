// npm start: a page that talks to this server, which can be talked to from a terminal too.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, extname, join } from 'node:path';
import { build } from 'esbuild';
import { handle, json, listen, type ListenAddress, prepare } from 'rxjs-ws';
import {
  BehaviorSubject,
  combineLatest,
  defer,
  finalize,
  fromEvent,
  map,
  merge,
  shareReplay,
  startWith,
  timer,
} from 'rxjs';
import { quotes } from './quotes.ts';
import { slow } from './slow.ts';
import type { Tick } from './Tick.ts';

const graphemes = new Intl.Segmenter();
const reverse = (text: string) =>
  [...graphemes.segment(text)]
    .map(({ segment }) => segment)
    .reverse()
    .join('');

// The page's script and style, with the library's own browser build in it.
const here = import.meta.dirname;
const { outputFiles } = await build({
  entryPoints: [join(here, 'page.ts'), join(here, 'page.css')],
  bundle: true,
  format: 'esm',
  outdir: '/',
  write: false,
});
const files = new Map(outputFiles.map(({ path, contents }) => [`/${basename(path)}`, contents]));
files.set('/', await readFile(join(here, 'page.html')));
const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '': 'text/html' };

const server = createServer(({ url = '/' }, response) => {
  const body = files.get(url);
  if (body) response.setHeader('content-type', `${types[extname(url)]}; charset=utf-8`).end(body);
  else response.writeHead(404).end('not found');
});

const closeWhen = merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM'));

const listening = ({ port, url }: ListenAddress) =>
  console.log(
    `open http://localhost:${port}\nor   npm run talk -- ${url}/echo\nor   npm run talk -- ${url}/ticker`,
  );

const echo = listen({ server, path: '/echo', closeWhen, listening }).pipe(
  handle(({ text }) => text.pipe(map(reverse), startWith('Connected'))),
);

const people = new BehaviorSubject(0);
const codec = json<never, Tick>();
// One timer for all, and each tick is framed once; who comes late gets the latest at once.
const ticks = combineLatest([people, timer(0, 1_000)]).pipe(
  map(([count]) => prepare({ time: new Date().toISOString(), people: count }, codec)),
  shareReplay({ bufferSize: 1, refCount: true }),
);
// A ticker has nothing to finish when its listener leaves.
const ticker = listen({ server, path: '/ticker', closeWhen, codec, finishTimeoutMs: 0 }).pipe(
  handle(() =>
    defer(() => {
      people.next(people.value + 1);
      return ticks;
    }).pipe(finalize(() => people.next(people.value - 1))),
  ),
);

merge(echo, ticker, quotes(server, closeWhen), slow(server, closeWhen)).subscribe({
  next: ({ connection, close }) => console.log(connection.handshake.path, 'closed', close.code, close.reason),
  complete: () => server.close(() => console.log('all closed')),
});

server.on('error', ({ message }) => {
  console.error(message);
  process.exitCode = 1;
});
server.listen(Number(process.env.PORT ?? 8080));
