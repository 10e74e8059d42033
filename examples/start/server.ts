// npm start: a page that talks to this server, which can be talked to from a terminal too.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { handle, json, listen, prepare } from 'rxjs-ws';
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
import type { Tick } from './Tick.ts';

const graphemes = new Intl.Segmenter();
const reverse = (text: string) =>
  [...graphemes.segment(text)]
    .map(({ segment }) => segment)
    .reverse()
    .join('');

const here = import.meta.dirname;
const script = await build({
  entryPoints: [join(here, 'page.ts')],
  bundle: true,
  format: 'esm',
  write: false,
});
const files = new Map([
  ['/', { type: 'text/html; charset=utf-8', body: await readFile(join(here, 'page.html')) }],
  ['/page.css', { type: 'text/css', body: await readFile(join(here, 'page.css')) }],
  ['/page.js', { type: 'text/javascript', body: script.outputFiles[0]!.contents }],
]);
const server = createServer(({ url = '/' }, response) => {
  const file = files.get(url);
  if (file) response.writeHead(200, { 'content-type': file.type }).end(file.body);
  else response.writeHead(404).end('not found');
});

const closeWhen = merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM'));

const echo = listen({ server, path: '/echo', closeWhen }).pipe(
  handle(({ text }) => text.pipe(map(reverse), startWith('Connected'))),
);

const people = new BehaviorSubject(0);
const codec = json<never, Tick>();
// One timer for all, and each tick is framed once; who comes late gets the latest at once.
const ticks = combineLatest([people, timer(0, 1_000)]).pipe(
  map(([count]) => prepare({ time: new Date().toISOString(), people: count }, codec)),
  shareReplay({ bufferSize: 1, refCount: true }),
);
const ticker = listen({ server, path: '/ticker', closeWhen, codec }).pipe(
  handle(() =>
    defer(() => {
      people.next(people.value + 1);
      return ticks;
    }).pipe(finalize(() => people.next(people.value - 1))),
  ),
);

merge(echo, ticker).subscribe({
  next: ({ connection, close }) => console.log(connection.handshake.path, 'closed', close.code, close.reason),
  complete: () => server.close(() => console.log('all closed')),
});

server.listen(Number(process.env.PORT ?? 8080), () => {
  const { port } = server.address() as AddressInfo;
  console.log(`open http://localhost:${port}`);
  console.log(`or   npm run talk -- ws://localhost:${port}/echo`);
  console.log(`or   npm run talk -- ws://localhost:${port}/ticker`);
});
