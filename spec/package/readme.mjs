// Checks the README against the files it shows: each block of code is a file of examples/, or consecutive lines of
// one, and says which; each command is a script of the package.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '../..'));
const read = (path) => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');
const { scripts } = JSON.parse(read('package.json'));
const problems = [];
const blocks = [...readme.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language, text]) => ({
  language,
  text,
}));

/** The lines of code: not empty, and no comment that opens the file. */
const code = (text) => text.split('\n').filter((line) => line.trim() !== '');
const body = (path) => code(read(path).replace(/^(\/\/.*\n)+/, ''));

const checkExample = (text) => {
  const [first, ...rest] = code(text);
  const path = /^\/\/ (examples\/\S+)$/.exec(first)?.[1];
  if (path === undefined) problems.push(`a block does not name its file: ${first}`);
  else if (!existsSync(join(root, path))) problems.push(`${path} does not exist`);
  else if (!body(path).join('\n').includes(rest.join('\n')))
    problems.push(`${path} has not these lines:\n${rest.join('\n')}`);
};

const checkCommands = (text) => {
  for (const [, name] of text.matchAll(/npm run ([\w:-]+)/g))
    if (!(name in scripts)) problems.push(`there is no script ${name}`);
  for (const name of ['start', 'test'])
    if (text.includes(`npm ${name}`) && !(name in scripts)) problems.push(`there is no script ${name}`);
};

for (const { language, text } of blocks) {
  if (language === 'ts') checkExample(text);
  else if (language === 'sh') checkCommands(text);
  else problems.push(`a block in ${language || 'no language'} is checked against nothing`);
}
for (const needed of ['npm ci && npm start', 'npm ci && npm test'])
  if (!readme.includes(needed)) problems.push(`the README does not say ${needed}`);
const results = existsSync(join(root, 'spec/bench/RESULTS.md'))
  ? read('spec/bench/RESULTS.md').split('\n')
  : [];
for (const line of readme.split('\n'))
  if (/\d × \(/.test(line) && !results.includes(line))
    problems.push(`spec/bench/RESULTS.md has not this line:\n${line}`);
const [, opening = ''] = /^([^]*?)\n## /.exec(readme) ?? [];
for (const path of ['examples/echo-server.ts', 'examples/echo-client.ts'])
  if (!opening.includes(path)) problems.push(`the first screen does not show ${path}`);

for (const problem of problems) console.error(problem);
console.log(`README: ${blocks.length} blocks, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
