// npm run example:chat: one node, with memory. With --redis two, each a process that can be killed; --redis redis://… says which.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { redis: { type: 'boolean' } },
  allowPositionals: true,
});
const REDIS = positionals[0] ?? process.env.REDIS ?? (values.redis ? 'redis://127.0.0.1:6379' : undefined);
const ports = (process.env.PORTS ?? (REDIS ? '8080,8081' : '8080')).split(',');

const nodes = ports.map((PORT) => {
  const OTHER_PORTS = ports.filter((port) => port !== PORT).join();
  const env = { ...process.env, PORT, OTHER_PORTS, ...(REDIS && { REDIS }) };
  return fork(join(import.meta.dirname, 'server.ts'), { env }).on('exit', (code, signal) => {
    console.log(`the node on ${PORT} has ended with ${signal ?? code}`);
    if (!code) return;
    process.exitCode = code;
    leave();
  });
});

// Each node leaves in good order, and then this process, which has nothing else to wait for.
const leave = () => nodes.filter((node) => node.connected).forEach((node) => node.disconnect());
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, leave);
