// node rooms.mjs [ROOT] checks the source tree against the order of its rooms (see `levels`) and a few rules of the
// house, and lists every place that breaks one.
import { existsSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix, resolve, sep } from 'node:path';
import { readSource } from './source.mjs';

/** A file imports from rooms of a lower level, or beside it in its own room. Rooms of one level do not mix. */
const levels = [
  ['core'],
  ['transports'],
  ['connection'],
  ['operators'],
  ['codecs'],
  ['client', 'server'],
  ['topics'],
  ['testing'],
  ['entry point'],
];
const narrower = { operators: ['core', 'connection', 'operators'] };
const entryPoints = [
  'index.ts',
  'browser.ts',
  'shared.ts',
  'msgpack.ts',
  'webSocket.ts',
  'redis.ts',
  'nats.ts',
  'browserWebSocket.ts',
];
const browserEntries = ['browser.ts', 'browserWebSocket.ts', 'msgpack.ts'];
const maxLines = 200;

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '../..'));
const problems = [];

const roomOf = (file) =>
  file.includes('/') ? file.split('/')[0] : entryPoints.includes(file) && 'entry point';
const levelOf = (room) => levels.findIndex((rooms) => rooms.includes(room));
const isPackage = (from, name) => from === name || from.startsWith(`${name}/`);
const node = (from) => from.replace(/^node:/, '');
const target = (file, from) => posix.join(posix.dirname(file), from).replace(/\.js$/, '.ts');

const files = new Map(
  readdirSync(join(root, 'src'), { recursive: true })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => [path, readSource(join(root, 'src', path))]),
);

const checkOrder = (file, from) => {
  const [here, there] = [roomOf(file), roomOf(target(file, from))];
  const allowed = narrower[here]?.includes(there) ?? (here === there || levelOf(there) < levelOf(here));
  if (levelOf(there) === -1 || !allowed) problems.push(`${file}: ${here} may not import ${from}`);
};

const checkOutside = (file, { from, typeOnly }) => {
  const room = roomOf(file);
  if (room === 'transports') return;
  if (isPackage(from, 'ws') || ['net', 'tls'].includes(node(from)))
    problems.push(`${file}: only transports may import ${from}`);
  if (!['http', 'https'].includes(node(from)) || ['server', 'testing'].includes(room)) return;
  if (!(typeOnly && ['core', 'client'].includes(room)))
    problems.push(`${file}: ${room} may not import ${from}`);
};

const checkBrowser = () => {
  const ways = new Map(browserEntries.filter((file) => files.has(file)).map((file) => [file, file]));
  for (const [file, way] of ways)
    for (const { from, typeOnly } of files.get(file)?.imports ?? []) {
      if (typeOnly) continue;
      if (from.startsWith('.')) {
        const next = target(file, from);
        if (!ways.has(next)) ways.set(next, `${way} > ${next}`);
      } else if (isPackage(from, 'ws') || isBuiltin(from))
        problems.push(`${file}: the browser reaches ${from} by ${way}`);
    }
};

for (const [file, source] of files) {
  if (levelOf(roomOf(file)) === -1) problems.push(`${file}: is in no room`);
  for (const found of source.imports)
    if (found.from.startsWith('.')) checkOrder(file, found.from);
    else checkOutside(file, found);
  if (source.opensSocket && roomOf(file) !== 'transports')
    problems.push(`${file}: only transports may use the global WebSocket`);
  if (source.lines > maxLines) problems.push(`${file}: ${source.lines} lines, over ${maxLines}`);
  for (const complaint of source.complaints) problems.push(`${file}: ${complaint}`);
  const spec = file.replace(/\.ts$/, '.spec.ts');
  const barrel = posix.basename(file) === 'index.ts' || entryPoints.includes(file);
  if (!barrel && !source.onlyTypes && !existsSync(join(root, 'spec', spec)))
    problems.push(`${file}: has no spec/${spec}`);
}
checkBrowser();

for (const problem of problems) console.error(problem);
console.log(`rooms: ${files.size} files, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
