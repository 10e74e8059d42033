// A group of lines and its controls: two processes at a time, so that nothing of a control is taken for ours.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;

/** How long a group may take in all, and how long its process may live on when its lines are over. */
const GROUP_MS = 400_000;
const EXIT_MS = 5_000;

const children = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/** Resolves when the process has ended: whether its lines were over, and how it ended. */
function start(kind, name, { seed, ci }, told) {
  const args = [join(here, 'group.mjs'), name, kind, seed, ci ? 'ci' : ''];
  const child = spawn(process.execPath, ['--expose-gc', '--no-warnings', ...args], {
    cwd: resolve(here, '../..'),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.add(child);
  return new Promise((done) => {
    let isOver = false;
    let late = setTimeout(() => child.kill('SIGKILL'), GROUP_MS);
    child.on('message', ({ over, ...line }) => {
      if (!over) {
        told(line);
        return;
      }
      isOver = true;
      clearTimeout(late);
      late = setTimeout(() => child.kill('SIGKILL'), EXIT_MS);
    });
    child.on('exit', (code, signal) => {
      clearTimeout(late);
      children.delete(child);
      done({ isOver, endedWith: code ?? signal });
    });
  });
}

/** A line is as expected where nothing went wrong, nothing is left, and something went wrong with its control. */
function judged({ fault, expected, result }, control) {
  const noticed = control !== undefined && control.problems.length > 0;
  const ok = result.problems.length === 0 && result.left.length === 0 && noticed;
  return { fault, expected, ok, ...result, noticed, control };
}

/** Runs a group and tells each line as soon as it is known, in order. That its process ends by itself is a line too. */
export async function runGroup(name, options, tell) {
  const results = [];
  const controls = [];
  let told = 0;
  const add = (result) => {
    results.push(result);
    tell(result);
  };
  const lines = [];
  let isControlOver = false;
  const settle = () => {
    for (; told < lines.length && (told < controls.length || isControlOver); told++)
      add(judged(lines[told], controls[told]));
  };
  const [end] = await Promise.all([
    start('line', name, options, (line) => {
      lines.push(line);
      settle();
    }),
    start('control', name, options, ({ result }) => {
      controls.push(result);
      settle();
    }).then(() => {
      isControlOver = true;
      settle();
    }),
  ]);
  const ok = end.isOver && end.endedWith === 0;
  const how = end.isOver ? 'it does not end by itself' : `it ended with ${end.endedWith}`;
  add({
    fault: 'the process of all these',
    expected: 'ends by itself',
    ok,
    problems: ok ? [] : [how],
    left: [],
    control: { what: 'see `leftovers`', problems: [] },
  });
  return results;
}
