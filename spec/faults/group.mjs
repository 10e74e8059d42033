// One group of lines, or their controls, in a process of its own: `group.mjs NAME line|control SEED [ci]`, started by
// `run.mjs`.
import { seeded } from './random.mjs';
import { runControl, runLine } from './runLine.mjs';

const [name, kind, seed, ci] = process.argv.slice(2);
const only = process.env.FAULTS_LINE ?? '';
const chance = seeded(Number(seed));
const { lines } = await import(`./groups/${name}.mjs`);
const run = kind === 'line' ? runLine : runControl;

for (const line of lines) {
  // The same for a line and its control, also where lines are left out.
  const random = chance.fork();
  const { fault, expected } = line;
  if (!fault.includes(only)) continue;
  process.send({ fault, expected, result: await run(line, { ci: ci === 'ci', random }) });
}
process.send({ over: true });
// Now nothing is left, and the process ends by itself.
process.disconnect();
