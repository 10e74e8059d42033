// npm run faults -- [--ci] [--seed N] [NAME]
// Faults and hostile peers, and what comes of them: each line with a control that shows that its check can fail.
// Prints tables, and (whole runs only) writes them to RESULTS.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runGroup } from './Group.mjs';
import { heading, row } from './table.mjs';

const here = import.meta.dirname;
const root = resolve(here, '../..');
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Smaller counts, for a machine with two busy cores. */
    ci: { type: 'boolean', default: false },
    /** All chance comes from it. */
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    /** The tables go to RESULTS.md, also those of a short run. */
    write: { type: 'boolean', default: false },
  },
});

/** In the order of the table; each is a file in `groups/`. */
const groups = {
  'first-frames': 'First frames, at every delay',
  unsubscribing: 'Unsubscribing, at every moment',
  'user-functions': 'Functions of the user that throw, reject, or never answer',
  processes: 'Seventeen ordinary faults, each in a process of its own',
  'bad-frames': 'Bad frames',
  'odd-handshakes': 'Odd handshakes',
  'odd-answers': 'Odd answers',
  'slow-handshakes': 'Slow handshakes',
  floods: 'Floods and bombs',
  'slow-peers': 'Peers that are slow, silent, or gone',
  cuts: 'RST and FIN, at every state',
  drains: 'Drains, with all kinds of peers',
  mutations: 'Mutated streams of frames',
  proxy: 'A proxy that delays, tears, cuts and swallows',
  leftovers: 'What is left behind is noticed',
};
const asked = Object.keys(groups).filter((name) => positionals.length === 0 || positionals.includes(name));
if (asked.length === 0) {
  console.error(`there is no group ${positionals.join(', ')}; there are ${Object.keys(groups).join(', ')}`);
  process.exit(1);
}

const startedAt = Date.now();
const tables = [];
const all = [];
console.log(`seed ${options.seed}`);
for (const name of asked) {
  const groupAt = Date.now();
  console.log(`\n## ${groups[name]}: \`${name}\`\n\n${heading}`);
  const results = await runGroup(name, options, (result) => console.log(row(result)));
  all.push(...results);
  tables.push(`## ${groups[name]}: \`${name}\`\n\n${heading}\n${results.map(row).join('\n')}`);
  console.log(`\n${Math.round((Date.now() - groupAt) / 1_000)} s`);
}

const wrong = all.filter(({ ok }) => !ok).length;
const seconds = Math.round((Date.now() - startedAt) / 1_000);
const summary = `${all.length - wrong} of ${all.length} lines as expected, in ${seconds} s`;
console.log(`\n${summary}`);

if (positionals.length === 0 && (!options.ci || options.write)) {
  const version = (name) =>
    JSON.parse(readFileSync(join(root, `node_modules/${name}/package.json`), 'utf8')).version;
  const command = `npm run faults -- ${options.ci ? '--ci ' : ''}--seed ${options.seed}`;
  const where = `Node ${process.version}, \`ws\` ${version('ws')}, RxJS ${version('rxjs')}, ${cpus().length} × ${cpus()[0].model.trim()}, ${process.platform}`;
  const text = `# Faults

By \`${command}\`, on ${where}. ${summary}.

A line is as expected where the check found nothing, nothing is left behind (handles, timers, listeners of the process,
memory), and the same check does find something in its control: the last column says what. Each group is a process of its own.

${tables.join('\n\n')}
`;
  writeFileSync(join(here, 'RESULTS.md'), text);
}
process.exit(wrong > 0 ? 1 : 0);
