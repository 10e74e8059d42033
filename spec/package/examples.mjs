// Runs every example. examples/NAME.ts is driven by spec/examples/NAME.mjs:
//   export default async ({ start }) => { const example = start({ args, env }); … asserts … }
// `start` runs the example itself; `start({ name: 'chat/server' })` another one that it needs.
// Not examples: browser pages (page.ts, see spec/browser), specs (`npm test` runs them), and files that an example
// beside them imports.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { killAll, startFile } from './child.mjs';
import { readSource } from './source.mjs';

const timeoutMs = 60_000;
const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'examples');
const wanted = process.argv.slice(2);

const files = (existsSync(folder) ? readdirSync(folder, { recursive: true }) : [])
  .filter((path) => path.endsWith('.ts') && !/\.(d|spec)\.ts$/.test(path) && !path.includes('node_modules'))
  .map((path) => join(folder, path));
const imported = new Set(
  files.flatMap((file) => readSource(file).imports.map(({ from }) => resolve(dirname(file), from))),
);
const names = files
  .filter((file) => !imported.has(file) && !file.endsWith(`${sep}page.ts`))
  .map((file) =>
    file
      .slice(folder.length + 1, -'.ts'.length)
      .split(sep)
      .join('/'),
  )
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .sort();

const drive = async (name) => {
  const driver = join(root, 'spec/examples', `${name}.mjs`);
  if (!existsSync(driver)) throw new Error(`no driver: spec/examples/${name}.mjs`);
  const { default: scenario } = await import(pathToFileURL(driver).href);
  const started = [];
  const start = ({ name: which = name, ...options } = {}) => {
    const child = startFile(join(folder, `${which}.ts`), { cwd: root, ...options });
    started.push({ which, child });
    return child;
  };
  let timer;
  const timeout = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no end within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([scenario({ start }), timeout]);
    if (!started.some(({ which }) => which === name)) throw new Error('the driver did not start the example');
  } catch (error) {
    const printed = started.map(({ which, child }) => `--- ${which} printed:\n${child.output()}`);
    throw new Error([error.stack ?? String(error), ...printed].join('\n'));
  } finally {
    clearTimeout(timer);
    killAll();
  }
};

let failed = 0;
for (const name of names) {
  const begun = performance.now();
  try {
    await drive(name);
    console.log(`ok     ${name} (${Math.round(performance.now() - begun)} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error.message}`);
  }
}
console.log(`examples: ${names.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 || names.length === 0 ? 1 : 0);
