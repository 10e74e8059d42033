// A child process, such as an example: what it prints, what it is told, and its sure end.
import { spawn } from 'node:child_process';

const children = new Set();
const kill = (child, signal) => {
  // The child leads a process group of its own, so that nothing it started outlives it.
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
  } catch {
    // It has ended already.
  }
};

export const killAll = () => {
  for (const child of children) kill(child, 'SIGKILL');
  children.clear();
};
process.on('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/** Runs a TypeScript file. */
export const startFile = (file, { args = [], ...options } = {}) =>
  startCommand(process.execPath, ['--import', 'tsx', file, ...args], options);

/** Runs a command. `match` of `line` is a string that the line contains, or a RegExp. */
export const startCommand = (command, args, { env = {}, cwd } = {}) => {
  const { EXAMPLE_TEST: _, ...inherited } = process.env;
  const child = spawn(command, args, {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  children.add(child);

  let text = '';
  let ended = false;
  const waiting = new Set();
  const lookAgain = () => waiting.forEach((look) => look());
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      lookAgain();
    });
  child.stdin.on('error', () => undefined);
  const exited = new Promise((done) => {
    const end = (code) => {
      ended = true;
      lookAgain();
      done(code);
    };
    child.on('close', end).on('error', () => end(null));
  });

  const line = (match) =>
    new Promise((found, failed) => {
      const look = () => {
        const hit = text
          .split('\n')
          .find((each) => (typeof match === 'string' ? each.includes(match) : match.test(each)));
        if (hit === undefined && !ended) return;
        waiting.delete(look);
        if (hit === undefined) failed(new Error(`ended without printing ${match}:\n${text}`));
        else found(hit);
      };
      waiting.add(look);
      look();
    });

  return {
    pid: child.pid,
    /** Settles with the first line printed so far, or from now on, that matches. */
    line,
    /** Everything printed so far, on both streams. */
    output: () => text,
    write: (input) => child.stdin.write(input),
    endInput: () => child.stdin.end(),
    /** The exit code, null after a signal. */
    exited,
    stop: (signal = 'SIGTERM') => (kill(child, signal), exited),
  };
};
