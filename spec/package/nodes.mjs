// node nodes.mjs SCRIPT VERSION… runs one npm script on each of these versions of Node, from npm's `node` package.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const [script, ...versions] = process.argv.slice(2);
if (!script || versions.length === 0) {
  console.error('usage: node spec/package/nodes.mjs SCRIPT VERSION…');
  process.exit(2);
}

const results = versions.map((version) => {
  const args = ['--yes', '-p', `node@${version}`, '-c', `node --version && npm run ${script}`];
  const { status } = spawnSync('npx', args, {
    cwd: resolve(import.meta.dirname, '../..'),
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  return { version, ok: status === 0 };
});

for (const { version, ok } of results) console.log(`node ${version}: ${script} ${ok ? 'ok' : 'failed'}`);
process.exit(results.every(({ ok }) => ok) ? 0 : 1);
