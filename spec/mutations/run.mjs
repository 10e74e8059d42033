// Shows that the marble specs have teeth: each fault of faults.mjs is put into a copy of the sources, and at least one
// spec that is written with `runMarbles`, or of those that the fault names, has to fail. `run.mjs WORD` tries those
// whose description has the word.
import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { faults } from './faults.mjs';

const root = resolve(import.meta.dirname, '../..');
const copies = mkdtempSync(join(tmpdir(), 'mutations-'));
const wanted = process.argv[2] ?? '';
const atOnce = 2;

const filesIn = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return [path];
    return entry.name === 'node_modules' ? [] : filesIn(path);
  });
const specs = ['spec', 'examples']
  .flatMap(filesIn)
  .filter((path) => path.endsWith('.spec.ts'))
  .filter((path) => readFileSync(join(root, path), 'utf8').includes('runMarbles('));

/** A copy of what the specs need, for one runner. */
const copy = (index) => {
  const place = join(copies, String(index));
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  const filter = (path) => !/[/\\]node_modules/.test(path) && !/[/\\](lint|runners|bench)[/\\]/.test(path);
  for (const each of ['src', 'spec', 'examples', 'package.json', 'tsconfig.json'])
    cpSync(join(root, each), join(place, each), {
      recursive: true,
      filter: (path) => filter(path.slice(root.length)),
    });
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'), 'junction');
  return place;
};

/** The files that failed; none: all is green. */
const failed = (place, paths) =>
  new Promise((done, broke) => {
    const jest = join(root, 'node_modules/jest/bin/jest.js');
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    const options = ['--rootDir', place, '--maxWorkers=1', '--runTestsByPath', ...paths];
    const child = spawn(process.execPath, [...flags, jest, ...options], { cwd: place });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    const timer = setTimeout(() => child.kill('SIGKILL'), 120_000);
    child.on('exit', (code) => {
      clearTimeout(timer);
      const files = new Set([...output.matchAll(/^FAIL (\S+)/gm)].map(([, file]) => file));
      const brokenBuild = /SyntaxError|Cannot find module/.test(output);
      if (code !== 0 && (files.size === 0 || brokenBuild))
        broke(new Error(`the specs did not run:\n${output.slice(-3_000)}`));
      else done([...files]);
    });
  });

const mutated = async (place, { file, from, to, by = specs }) => {
  const path = join(place, 'src', file);
  const source = readFileSync(path, 'utf8');
  if (source.split(from).length !== 2) throw new Error(`${file} does not have this once:\n${from}`);
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  try {
    return await failed(place, by);
  } finally {
    writeFileSync(path, source);
  }
};

const chosen = faults.filter(({ what }) => what.includes(wanted));
const queue = [...chosen];
let problems = 0;
const work = async (index) => {
  const place = copy(index);
  if (index === 0) {
    const control = await failed(place, [...new Set(chosen.flatMap(({ by = specs }) => by))]);
    if (control.length > 0) throw new Error(`without a fault these fail: ${control.join(', ')}`);
  }
  for (let fault = queue.shift(); fault !== undefined; fault = queue.shift()) {
    const files = await mutated(place, fault).catch((error) => error);
    if (files instanceof Error) console.log(`BROKEN   ${fault.what}: ${files.message}`);
    else
      console.log(
        files.length > 0 ? `noticed  ${fault.what} (${files.length} files)` : `MISSED   ${fault.what}`,
      );
    if (files instanceof Error || files.length === 0) problems++;
  }
};
try {
  await Promise.all(Array.from({ length: atOnce }, (_, index) => work(index)));
} catch (error) {
  console.error(error.message);
  problems++;
} finally {
  rmSync(copies, { recursive: true, force: true });
}
console.log(
  `mutations: ${chosen.length} faults, ${problems} problems, by ${specs.length} files of marble specs`,
);
process.exit(problems > 0 ? 1 : 0);
