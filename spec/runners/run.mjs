// Runs the testing kit as it is built under Jest, Vitest, Mocha and node:test. Each has to run three tests, and to
// pass; and to fail where a test of the kit fails, which is shown first by a run that has to.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const root = resolve(here, '../..');
const modules = join(here, 'node_modules');

if (!existsSync(join(modules, 'vitest'))) {
  const shell = process.platform === 'win32';
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--prefix', here], {
    stdio: 'inherit',
    shell,
  });
  if (status !== 0) process.exit(status ?? 1);
}
// As a user has it: by its name, and with one RxJS for both.
mkdirSync(modules, { recursive: true });
rmSync(join(modules, 'rxjs-ws'), { force: true, recursive: true });
symlinkSync(root, join(modules, 'rxjs-ws'), 'junction');

const jestConfig = {
  rootDir: here,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/*.jest.mjs'],
  transform: {},
  modulePathIgnorePatterns: ['<rootDir>/node_modules/rxjs-ws/spec'],
};
const frameworks = {
  jest: (files) => [
    '--experimental-vm-modules',
    join(root, 'node_modules/jest/bin/jest.js'),
    ...['--config', JSON.stringify({ ...jestConfig, testMatch: files.map((file) => join(here, file)) })],
  ],
  vitest: (files) => [
    join(modules, 'vitest/vitest.mjs'),
    ...['run', '--root', here, '--config', join(here, 'vitest.config.mjs'), ...files],
  ],
  mocha: (files) => [join(modules, 'mocha/bin/mocha.js'), ...files],
  node: (files) => ['--test', ...files],
};
const passed = { jest: /3 passed, 3 total/, vitest: /3 passed \(3\)/, mocha: /3 passing/, node: /pass 3\n/ };

const failing = (name) => `
  ${name === 'jest' ? "import { test } from '@jest/globals';" : ''}
  ${name === 'vitest' ? "import { test } from 'vitest';" : ''}
  ${name === 'node' ? "import { test } from 'node:test';" : ''}
  import { runMarbles } from 'rxjs-ws/testing';
  ${name === 'mocha' ? 'it' : 'test'}('fails', () => runMarbles(({ connection, expectSent }) =>
    expectSent(connection('a')).toBe('a')));
`;
const run = (name, files) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, frameworks[name](files), {
    cwd: here,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  return { status, output: `${stdout}${stderr}` };
};

let problems = 0;
for (const name of Object.keys(frameworks)) {
  const control = `control.${name}.mjs`;
  writeFileSync(join(here, control), failing(name));
  const bad = run(name, [control]);
  rmSync(join(here, control));
  const good = run(name, [`kit.${name}.mjs`]);
  const isShown = bad.status !== 0 && bad.output.includes('expected  a');
  const isGood = good.status === 0 && passed[name].test(good.output);
  if (!isShown) console.error(`${name} does not show a failure:\n${bad.output}`);
  if (!isGood) console.error(`${name} does not pass:\n${good.output}`);
  if (!isShown || !isGood) problems++;
  else console.log(`${name}: 3 passed, and a failure is shown`);
}
process.exit(problems > 0 ? 1 : 0);
