// A Redis for one scenario, with nothing in it. It ends with the scenario's other processes: `killAll`.
import { tmpdir } from 'node:os';
import { startCommand } from './child.mjs';
import { freePort } from './freePort.mjs';

/** Its URL; undefined where there is no redis-server, which is said, and in CI an error. */
export const ownRedis = async (port) => {
  port ??= await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', tmpdir(), '--save', ''];
  const server = startCommand('redis-server', args);
  try {
    await server.line('Ready to accept connections');
    return { url: `redis://127.0.0.1:${port}`, stop: server.stop };
  } catch (error) {
    if (process.env.CI) throw error;
    console.log('skipped: there is no redis-server in the path');
    return undefined;
  }
};
