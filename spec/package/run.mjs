// Packs the package, installs the tarball in an empty project, and uses it as users do:
// import and require in one process, TypeScript without @types/ws, a browser bundle.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { program } from './dropIn.mjs';

const nodeNames = ['listen', 'connect', 'dial', 'handle', 'topics'];
const testingNames = ['loopback', 'runMarbles'];
const browserNames = ['connect', 'dial'];
const dropInNames = ['webSocket', 'WebSocketSubject'];

const root = resolve(import.meta.dirname, '../..');
const dir = mkdtempSync(join(tmpdir(), 'rxjs-ws-'));
const write = (name, text) => writeFileSync(join(dir, name), text);
const run = (file, args, cwd = dir) => {
  try {
    const shell = process.platform === 'win32' && file === 'npm';
    return execFileSync(file, args, { cwd, encoding: 'utf8', stdio: 'pipe', shell }).trim();
  } catch (error) {
    throw new Error(`${file} ${args.join(' ')}\n${error.stdout}${error.stderr}`);
  }
};

const install = () => {
  const tarball = run('npm', ['pack', '--silent', '--pack-destination', dir], root).split('\n').at(-1);
  write('package.json', '{"private":true}');
  const add = (...names) => run('npm', ['i', '--no-audit', '--no-fund', ...names]);
  add(join(dir, tarball), 'rxjs@7.8', '@types/node@20');
  if (existsSync(join(dir, 'node_modules/@msgpack')))
    throw new Error('an optional peer is installed unasked');
  add('@msgpack/msgpack@3');
};

const subpaths = {
  'rxjs-ws': nodeNames,
  'rxjs-ws/msgpack': ['msgpack'],
  'rxjs-ws/nats': ['nats'],
  'rxjs-ws/redis': ['redis'],
  'rxjs-ws/testing': testingNames,
  'rxjs-ws/webSocket': dropInNames,
};

const checkInstances = () => {
  for (const [subpath, names] of Object.entries(subpaths)) {
    write(
      'one.mjs',
      `import * as imported from '${subpath}'; import { createRequire } from 'node:module';
      const required = createRequire(import.meta.url)('${subpath}');
      for (const name of ${JSON.stringify(names)}) {
        if (typeof imported[name] !== 'function') throw new Error('no ' + name);
        if (imported[name] !== required[name]) throw new Error('two instances of ' + name);
      }`,
    );
    run(process.execPath, ['one.mjs']);
  }
  console.log('import and require: one instance');
};

const checkTypes = () => {
  const text = Object.entries(subpaths)
    .map(
      ([subpath, names]) =>
        `import { ${names} } from '${subpath}'; export const all${names[0]}: unknown = [${names}];`,
    )
    .join('\n');
  for (const name of ['types.cts', 'types.mts']) write(name, text);
  // With RxJS too: it is what users have, and not what would suit us.
  write('theirs.mts', program);
  for (const name of ['dropIn.cts', 'dropIn.mts'])
    write(name, program.replaceAll('rxjs/webSocket', 'rxjs-ws/webSocket'));
  const files = ['types.cts', 'types.mts', 'theirs.mts', 'dropIn.cts', 'dropIn.mts'];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['--ignoreConfig', '--noEmit', '--strict', '--target', 'es2022', '--types', 'node'];
  for (const module of ['nodenext', 'node16'])
    run(process.execPath, [tsc, ...options, '--module', module, ...files]);
  console.log('types: nodenext and node16, without @types/ws; a program for rxjs/webSocket');
};

const checkBrowser = async () => {
  const bundle = async (names, from = 'rxjs-ws', withCodecs = false) => {
    const contents = names[0] === '*' ? `export * from '${from}'` : `export { ${names} } from '${from}'`;
    const { metafile, outputFiles } = await build({
      stdin: { contents, resolveDir: dir },
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      external: ['rxjs', 'rxjs/*', 'node:*', ...builtinModules],
      metafile: true,
      write: false,
    });
    const inputs = Object.keys(metafile.inputs);
    if (inputs.some((input) => input.includes('node_modules/ws/'))) throw new Error('the browser gets ws');
    const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.keys(inputs).filter((input) => inputs[input].bytesInOutput > 0),
    );
    const codecs = used.filter((input) => input.includes('/codecs/'));
    if (codecs.length > 0 && !withCodecs) throw new Error(`the browser gets ${codecs.join(', ')}`);
    const outside = Object.values(metafile.outputs).flatMap((output) =>
      output.imports.map(({ path }) => path),
    );
    const foreign = outside.filter((path) => path !== 'rxjs' && !path.startsWith('rxjs/'));
    if (foreign.length > 0) throw new Error(`the browser gets ${foreign.join(', ')}`);
    return outputFiles[0].contents;
  };
  await bundle(browserNames);
  const check = (name, code, { asked, max }) => {
    const bytes = gzipSync(code, { level: 9 }).length;
    const wanted = asked === undefined ? '' : `; wanted are ${asked}`;
    console.log(`browser: ${name} is ${code.length} bytes, ${bytes} gzipped, without rxjs${wanted}`);
    if (bytes > max) throw new Error(`${name} is more than ${max} bytes gzipped`);
  };
  // What is wanted is not reached yet; `max` holds what there is.
  check('connect', await bundle(['connect']), { asked: 6_000, max: 12_000 });
  check('all of it', await bundle(['*'], 'rxjs-ws', true), { asked: 10_000, max: 19_100 });
  check('json, with schemas', await bundle(['json'], 'rxjs-ws', true), { max: 1_250 });
  check('msgpack, with its peer', await bundle(['msgpack'], 'rxjs-ws/msgpack', true), { max: 7_400 });
  check('webSocket', await bundle(['webSocket'], 'rxjs-ws/webSocket'), { max: 11_500 });
};

try {
  install();
  checkInstances();
  checkTypes();
  await checkBrowser();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
