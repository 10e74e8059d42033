// Builds the package if it has not been built: examples and pages import it by its name, through `exports`.
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
// The last file that a build writes.
if (!existsSync(resolve(root, 'dist/cjs/package.json')))
  execSync('npm run --silent build', { cwd: root, stdio: 'inherit' });
