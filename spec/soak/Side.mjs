// A process of the soak, started and asked over IPC.
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';

const isPosix = process.platform !== 'win32';
const alive = new Set();

/** How many files a process may have open. */
export const mostFiles = () =>
  isPosix
    ? Number(execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).replace('unlimited', 'Infinity'))
    : Infinity;

process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/** Starts `file`; resolves when it says that it is ready. */
export async function start(file, ...args) {
  const command = [process.execPath, '--expose-gc', join(import.meta.dirname, file), ...args.map(String)];
  // With as many open files as it may have: each connection is one.
  const [program, ...rest] = isPosix
    ? ['sh', '-c', 'ulimit -n "$(ulimit -Hn)"; exec "$0" "$@"', ...command]
    : command;
  const child = spawn(program, rest, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  alive.add(child);
  let next = 0;
  const waiting = new Map();
  const side = {
    ready: undefined,
    ask: (question, ...args) =>
      new Promise((answered, failed) => {
        const id = next++;
        waiting.set(id, { answered, failed });
        child.send({ id, question, args }, (error) => error && failed(error));
      }),
    stop: () => child.kill('SIGKILL'),
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
      else refused(new Error(`${file}: ${error}`));
    });
    child.once('exit', (code, signal) => {
      alive.delete(child);
      const error = new Error(`${file} ended with ${code ?? signal}`);
      failed(error);
      for (const { failed: refused } of waiting.values()) refused(error);
    });
  });
  return side;
}
