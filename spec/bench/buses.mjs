// A Redis and a NATS of the bench's own, so that nothing else loads them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../package/freePort.mjs';

const kinds = {
  redis: {
    command: 'redis-server',
    args: (port, folder) => [
      ...['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
    ],
    url: (port) => `redis://127.0.0.1:${port}`,
  },
  nats: {
    command: 'nats-server',
    args: (port, folder) => ['-a', '127.0.0.1', '-p', port, '-js', '-sd', folder],
    url: (port) => `nats://127.0.0.1:${port}`,
  },
};

const answers = async (port) => {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};

const ends = new Set();
process.on('exit', () => ends.forEach((end) => end()));

/** Starts one; undefined where it is not installed. */
export async function startBus(kind) {
  const { command, args, url } = kinds[kind];
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'rxjs-ws-bench-'));
  const child = spawn(command, args(String(port), folder), { stdio: 'ignore' });
  let isThere = true;
  child.on('error', () => (isThere = false));
  const end = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  ends.add(end);
  for (let i = 0; isThere && i < 500; i++) {
    if (await answers(port)) {
      return {
        url: url(port),
        stop: async () => {
          ends.delete(end);
          const exited = once(child, 'exit');
          child.kill('SIGKILL');
          await exited;
          end();
        },
      };
    }
    await setTimeout(10);
  }
  ends.delete(end);
  end();
  process.stderr.write(`skipped: there is no ${command} in the path\n`);
  return undefined;
}
