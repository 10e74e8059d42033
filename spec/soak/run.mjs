// npm run soak -- [--ci] [--seconds N] [--connections N] [--seed N]
// Many connections for a long time, while others come, go and die. Prints a table, and (whole runs only) writes it to
// RESULTS.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { mostFiles, start } from './Side.mjs';
import { slope } from './slope.mjs';

const here = import.meta.dirname;
const root = resolve(here, '../..');
const { values: options } = parseArgs({
  options: {
    /** 20 s and a tenth of the cycles. */
    ci: { type: 'boolean', default: false },
    /** How long the connections stay; 180, or 20. */
    seconds: { type: 'string' },
    connections: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    /** The table goes to RESULTS.md, also that of another run than the whole one. */
    write: { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds ?? (options.ci ? 20 : 180));
/** One file for each, and some for the processes themselves. */
const connections = Math.min(Number(options.connections), mostFiles() - 500);
const everyMs = seconds < 60 ? 5_000 : 10_000;
const perSecond = 100;
const cycles = options.ci ? 10_000 : 100_000;
const warmUpCycles = options.ci ? 5_000 : 20_000;
const KIB = 1_024;

/**
 * What the heap may grow by in a minute, while connections come and go. Its own unsteadiness is some 100 KiB, which
 * counts for more the shorter it is looked at.
 */
const mostKibEachMinute = seconds < 120 ? 4_096 : 256;
const mostKibEachCycle = 0.02;

const rows = [];
const heading = '| load | expected | outcome | as expected | the check can fail |\n|---|---|---|---|---|';
const row = ({ load, expected, outcome, ok, control }) =>
  `| ${[load, expected, outcome, ok ? 'yes' : '**no**', control].join(' | ')} |`;
const add = (result) => {
  rows.push(result);
  console.log(row(result));
};
const amount = (value) => value.toLocaleString('en');
const kib = (bytes) => `${amount(Math.round(bytes / KIB))} KiB`;

async function sides(role = '') {
  const server = await start('server.mjs', role);
  const clients = await start('clients.mjs', server.ready.port, options.seed);
  return { server, clients, stop: () => [server, clients].forEach((side) => side.stop()) };
}

/** The heap of both, `forSeconds`, at intervals: bytes in a minute, by the line nearest to what was measured. */
async function growth({ server, clients }, forSeconds, samples) {
  const points = { server: [], clients: [] };
  for (let i = 0; i <= samples; i++) {
    const minutes = performance.now() / 60_000;
    points.server.push([minutes, await server.ask('heap')]);
    points.clients.push([minutes, await clients.ask('heap')]);
    if (i < samples) await sleep((forSeconds * 1_000) / samples);
  }
  return { server: slope(points.server), clients: slope(points.clients), last: points.server.at(-1)[1] };
}

async function perCycle({ server, clients }, warmUp, count) {
  await clients.ask('cycles', warmUp);
  await sleep(1_500);
  const before = [await server.ask('heap'), await clients.ask('heap')];
  const startedAt = performance.now();
  await clients.ask('cycles', count);
  const ms = performance.now() - startedAt;
  await sleep(1_500);
  const after = [await server.ask('heap'), await clients.ask('heap')];
  return { server: (after[0] - before[0]) / count, clients: (after[1] - before[1]) / count, ms };
}

const startedAt = Date.now();
console.log(`seed ${options.seed}, ${amount(connections)} connections, ${seconds} s\n\n${heading}`);

// The controls first: a server that keeps something of every connection.
const leaky = await sides('leaky');
await leaky.clients.ask('open', 100, 2_000);
await leaky.clients.ask('churn', perSecond);
await sleep(1_000);
const leaking = await growth(leaky, 6, 6);
const leakingCycles = await perCycle(leaky, 500, 1_000);
// One that should stay is dropped, without a word.
const before = await leaky.server.ask('seen');
await leaky.server.ask('drop');
await sleep(500);
const noticed = {
  server: (await leaky.server.ask('seen')).count - before.count,
  clients: (await leaky.clients.ask('seen')).dropped,
};
leaky.stop();

const both = await sides();
await both.clients.ask('open', connections, everyMs);
await both.clients.ask('churn', perSecond);
const warmUp = seconds / 4;
await sleep(warmUp * 1_000);
const measured = await growth(both, seconds - warmUp, options.ci ? 15 : 30);
const atServer = await both.server.ask('seen');
const atClients = await both.clients.ask('seen');

const drops = atServer.count + atClients.dropped;
if (drops > 0) console.error(atServer.unasked, atClients.drops);
if (atClients.failed > 0) console.error(atClients.failures);
add({
  load: `${amount(connections)} connections, an echo each every ${everyMs / 1_000} s, for ${seconds} s; ${perSecond} others a second come, and close, are closed, or die`,
  expected: 'no drop that was not asked for, every echo right',
  outcome: `${drops} dropped, ${atClients.open === connections ? 'all' : amount(atClients.open)} open at the end, ${amount(atClients.echoes)} echoes, ${atClients.late} late, the slowest after ${Math.round(atClients.slowestMs)} ms; ${amount(atClients.comeAndGone)} came and went, ${atClients.failed} failed; ${atServer.reports} reports`,
  ok:
    drops === 0 &&
    atClients.open === connections &&
    atClients.late === 0 &&
    atClients.failed === 0 &&
    atServer.reports === 0 &&
    atClients.echoes >= connections &&
    atClients.comeAndGone > perSecond &&
    noticed.server === 1 &&
    noticed.clients === 1,
  control: `one is dropped by the server: ${noticed.server} noticed there, ${noticed.clients} by the clients`,
});
for (const who of ['server', 'clients']) {
  add({
    load: `the heap of the ${who} meanwhile, after ${warmUp} s`,
    expected: `grows by ${amount(mostKibEachMinute)} KiB in a minute at most`,
    outcome: `${kib(measured[who])} in a minute${who === 'server' ? `, of ${kib(measured.last)}` : ''}`,
    ok: measured[who] <= mostKibEachMinute * KIB && leaking.server > mostKibEachMinute * KIB,
    control: `a server that keeps its connections: ${kib(leaking.server)} in a minute`,
  });
}

await both.server.ask('over');
await both.clients.ask('over');
let open = connections;
// The answer of each has its `finishTimeoutMs`.
for (let i = 0; i < 40 && open > 0; i++) {
  await sleep(250);
  ({ open } = await both.server.ask('seen'));
}
add({
  load: 'all are closed by the clients',
  expected: 'none is left at the server',
  outcome: `${open} left`,
  ok: open === 0 && before.open > 0,
  control: `before: ${before.open} in the control`,
});

const each = await perCycle(both, warmUpCycles, cycles);
const { failed } = await both.clients.ask('seen');
both.stop();
for (const who of ['server', 'clients'])
  add({
    load: `${amount(cycles)} connections opened and closed, ${amount(Math.round((cycles / each.ms) * 1_000))} a second: the heap of the ${who}`,
    expected: `${mostKibEachCycle} KiB are left of each at most`,
    outcome: `${(each[who] / KIB).toFixed(4)} KiB${failed > 0 ? `; ${failed} failed` : ''}`,
    ok: each[who] <= mostKibEachCycle * KIB && failed === 0 && leakingCycles.server > mostKibEachCycle * KIB,
    control: `a server that keeps its connections: ${(leakingCycles.server / KIB).toFixed(2)} KiB`,
  });

const wrong = rows.filter(({ ok }) => !ok).length;
const summary = `${rows.length - wrong} of ${rows.length} as expected, in ${Math.round((Date.now() - startedAt) / 1_000)} s`;
console.log(`\n${summary}`);

const isWhole = !options.ci && options.seconds === undefined && connections === 5_000;
if (isWhole || options.write) {
  const version = (name) => {
    const file = join(root, `node_modules/${name}/package.json`);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : 'unknown';
  };
  const given = [
    options.ci && '--ci',
    options.seconds && `--seconds ${options.seconds}`,
    `--seed ${options.seed}`,
  ];
  const where = `Node ${process.version}, \`ws\` ${version('ws')}, RxJS ${version('rxjs')}, ${cpus().length} × ${cpus()[0].model.trim()}, ${process.platform}`;
  const text = `# Load

By \`npm run soak -- ${given.filter(Boolean).join(' ')}\`, on ${where}. ${summary}.

Server and clients are a process each. The heap is what is in use after a collection; its growth is the slope of the line that
is nearest to what was measured at intervals, behind the warm-up. The last column is the same check on what is known to fail.

${heading}
${rows.map(row).join('\n')}
`;
  writeFileSync(join(here, 'RESULTS.md'), text);
}
process.exit(wrong > 0 ? 1 : 0);
