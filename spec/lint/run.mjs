// ESLint with the RxJS rules. It lives in a package of its own, because typescript-eslint needs TypeScript 6,
// and is installed when first asked for.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const run = (file, args) => {
  const shell = process.platform === 'win32' && file === 'npm';
  const { status } = spawnSync(file, args, { cwd: resolve(here, '../..'), stdio: 'inherit', shell });
  if (status !== 0) process.exit(status ?? 1);
};

const eslint = join(here, 'node_modules/eslint/bin/eslint.js');
if (!existsSync(eslint)) run('npm', ['ci', '--no-audit', '--no-fund', '--prefix', 'spec/lint']);
const options = [
  '-c',
  'spec/lint/eslint.config.js',
  '--max-warnings',
  '0',
  '--no-error-on-unmatched-pattern',
];
const asked = process.argv.slice(2);
run(process.execPath, [eslint, ...options, ...(asked.length > 0 ? asked : ['src', 'spec', 'examples'])]);
