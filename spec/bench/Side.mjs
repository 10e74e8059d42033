// A program of a side, as a process of its own: started, asked over IPC, ended.
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const alive = new Set();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/** Without it: how `ws` is when nobody installed it. `NODE_PATH` is how the `ws` of the root package finds it. */
const withoutBufferUtil = { WS_NO_BUFFER_UTIL: '1' };
const withBufferUtil = { NODE_PATH: join(here, 'node_modules') };

/** The load and what it loads on a core each: the system likes to put two that talk on one. */
const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;
const pinned = (core, command) => (canPin ? ['taskset', '-c', String(core), ...command] : command);

/** Starts `file`; resolves when it says that it is ready. */
export async function start(file, role = '', { core = 0, bufferUtil = false, profile, env = {} } = {}) {
  const isBun = file.endsWith('bun.mjs');
  const command = isBun ? join(here, 'node_modules/bun/bin/bun.exe') : process.execPath;
  const flags = isBun ? [] : ['--expose-gc', ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [])];
  const [program, ...args] = pinned(core, [command, ...flags, resolve(here, file), role]);
  const child = spawn(program, args, {
    env: { ...process.env, ...(bufferUtil ? withBufferUtil : withoutBufferUtil), ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  alive.add(child);
  let next = 0;
  const waiting = new Map();
  const side = {
    /** What it said when it was ready. */
    ready: undefined,
    ask: (question, ...args) =>
      new Promise((answered, failed) => {
        const id = next++;
        waiting.set(id, { answered, failed });
        child.send({ id, question, args });
      }),
    stop: () =>
      new Promise((stopped) => {
        child.once('exit', stopped);
        child.disconnect();
        // It ends by itself where it can, so that a profile is written.
        setTimeout(() => child.kill('SIGKILL'), 3_000).unref();
      }),
  };
  await new Promise((isReady, failed) => {
    child.on('message', ({ id, answer, error, ready }) => {
      if (ready !== undefined) {
        side.ready = ready;
        isReady();
        return;
      }
      const { answered, failed: refused } = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) answered(answer);
      else refused(new Error(`${file} ${role}: ${error}`));
    });
    child.once('exit', (code) => {
      alive.delete(child);
      const error = new Error(`${file} ${role} ended with ${code}`);
      failed(error);
      for (const { failed: refused } of waiting.values()) refused(error);
    });
  });
  return side;
}
