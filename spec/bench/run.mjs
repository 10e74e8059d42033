// npm run bench -- [--quick] [--rounds N] [--row TEXT] [--dist FOLDER] [--profile FOLDER]
// Measures rxjs-ws against its peers, prints a table, and (whole runs only) writes it to RESULTS.md.
import { execSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const here = import.meta.dirname;
const root = resolve(here, '../..');
const { values: options } = parseArgs({
  options: {
    /** Within a minute: fewer rounds, without the native add-on. */
    quick: { type: 'boolean', default: false },
    /** At most so many rounds of each. */
    rounds: { type: 'string', default: '100' },
    /** Only the workloads whose name contains this. */
    row: { type: 'string', default: '' },
    /** Another build of the package. */
    dist: { type: 'string' },
    /** Where CPU profiles of our processes go. */
    profile: { type: 'string' },
  },
});

options.rounds = Number(options.rounds);
const run = (command, cwd) => execSync(command, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs),
  );
if (!existsSync(join(here, 'node_modules'))) run('npm ci --no-audit --no-fund', here);
if (options.dist === undefined) {
  const built = join(root, 'dist/esm/index.js');
  if (!existsSync(built) || statSync(built).mtimeMs < newest(join(root, 'src')))
    run('npm run --silent build', root);
}

const { Bench } = await import('./Bench.mjs');
const { versions } = await import('./peers.mjs');
const { heading, line, reached } = await import('./table.mjs');
const files = [
  'echo',
  'single',
  'push',
  'fan-out',
  'two-nodes',
  'rooms',
  'client',
  'idle',
  'never-reads',
  'slow',
  'layer',
];

async function measure(rows, bench, bufferUtil) {
  const results = [];
  for (const row of rows) {
    for (const result of [await row.run(bench)].flat()) {
      results.push({ ...result, bufferUtil });
      console.log(line(results.at(-1)));
      if (process.env.BENCH_TIMES) console.log('   ', Math.round((Date.now() - startedAt) / 1e3), 's');
    }
  }
  await bench.end();
  return results;
}

const startedAt = Date.now();
const results = [];
console.log(heading);
for (const file of files) {
  const { rows } = await import(`./rows/${file}.mjs`);
  const asked = rows.filter(({ workload }) => workload.includes(options.row));
  results.push(...(await measure(asked, new Bench({ ...options, bufferUtil: false }), false)));
  const again = options.quick ? [] : asked.filter(({ bufferUtilToo }) => bufferUtilToo);
  results.push(...(await measure(again, new Bench({ ...options, bufferUtil: true }), true)));
}

const missed = results.filter((result) => !reached(result)).length;
const seconds = Math.round((Date.now() - startedAt) / 1_000);
const summary = `${results.length - missed} of ${results.length} reached, in ${seconds} s`;
console.log(summary);

const [{ model }] = cpus();
const text = `# Measured

By \`npm run bench\`${options.rounds < 100 ? ` -- --rounds ${options.rounds}` : ''}, on Node ${process.version}, \`ws\` ${versions.ws}, RxJS ${versions.rxjs}, ${cpus().length} × ${model.trim()}, ${process.platform}.

Text in, text out. The load is raw sockets that send prepared frames, in a process and on a core of its own. All servers
of a row are up; slices of 150 ms go round between them. A ratio is ours to the other side's within one round; it
stands here as the median of all rounds, with the quarters. *By CPU*: messages for each second of CPU that the
process under test used, which other work on the machine disturbs less.

Two nodes are two processes, over a Redis or NATS of the bench's own. So many messages are under way that the hearing node has
not told of, in the same way on all sides; what is published in one turn on one topic leaves as one payload, which is where
the factors come from, and why topics in turn stand beside. Ours encodes and decodes JSON; the bare client moves a text, and
stands beside with JSON too. A room is 50 raw sockets on the one node, told by the other, 1 ms from message to message where
latency is looked at; socket.io has its websocket transport only.

${heading}
${results.map(line).join('\n')}

${summary}.
`;
if (!options.quick && options.row === '' && options.dist === undefined)
  writeFileSync(join(here, 'RESULTS.md'), text);
