// What the rules of the rooms need to know about one source file, from its syntax tree.
import { readFileSync } from 'node:fs';
import { parseSync } from '@swc/core';
import { transformSync } from 'esbuild';

const parse = (text) => parseSync(text, { syntax: 'typescript', target: 'es2022' });

const nameOf = (node) => {
  if (node?.type === 'Identifier') return node.value;
  if (node?.type === 'MemberExpression' && node.property.type === 'Identifier') return node.property.value;
  return undefined;
};

const isGlobalMember = (node) =>
  ['globalThis', 'window', 'self'].includes(nameOf(node.object)) && node.object.type === 'Identifier';

/** Every import with the way it is written: `typeOnly` imports leave nothing behind when types are erased. */
const importOf = (node) => {
  switch (node.type) {
    case 'ImportDeclaration':
      return { from: node.source.value, typeOnly: node.typeOnly };
    case 'ExportNamedDeclaration':
      return node.source && { from: node.source.value, typeOnly: node.typeOnly };
    case 'ExportAllDeclaration':
      return { from: node.source.value, typeOnly: node.typeOnly ?? false };
    case 'TsImportType':
      return { from: node.argument.value, typeOnly: true };
    case 'CallExpression': {
      const [first] = node.arguments;
      const loads = node.callee.type === 'Import' || nameOf(node.callee) === 'require';
      if (!loads || first?.expression.type !== 'StringLiteral') return undefined;
      return { from: first.expression.value, typeOnly: false };
    }
  }
  return undefined;
};

const sockets = ['WebSocket', 'WebSocketStream'];
const complaintOf = (node) => {
  if (node.type === 'Identifier' && node.value.endsWith('$')) return `name ends in $: ${node.value}`;
  if (node.type === 'MemberExpression' && nameOf(node.object) === 'console') return 'uses console';
  if (node.type === 'BinaryExpression' && node.operator === 'instanceof') {
    const right = nameOf(node.right);
    if (right === 'Observable' || right === 'Error') return `instanceof ${right}`;
  }
  return undefined;
};

const walk = (node, visit) => {
  if (Array.isArray(node)) return node.forEach((child) => walk(child, visit));
  if (node === null || typeof node !== 'object') return;
  if (typeof node.type === 'string') visit(node);
  for (const child of Object.values(node)) if (typeof child === 'object') walk(child, visit);
};

/** True when erasing the types leaves nothing but imports. */
const onlyTypes = (text) => {
  const { code } = transformSync(text, {
    loader: 'ts',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return parse(code).body.every(
    (item) =>
      item.type === 'ImportDeclaration' ||
      (item.type === 'ExportNamedDeclaration' && item.specifiers.length === 0),
  );
};

export const readSource = (path) => {
  const text = readFileSync(path, 'utf8');
  const imports = [];
  const complaints = new Set();
  let opensSocket = false;
  walk(parse(text), (node) => {
    const found = importOf(node);
    if (found) imports.push(found);
    const complaint = complaintOf(node);
    if (complaint) complaints.add(complaint);
    if (node.type === 'NewExpression' && sockets.includes(nameOf(node.callee))) opensSocket = true;
    if (node.type === 'MemberExpression' && sockets.includes(nameOf(node)) && isGlobalMember(node))
      opensSocket = true;
  });
  const lines = text.replace(/\n$/, '').split('\n').length;
  return { imports, complaints: [...complaints], opensSocket, lines, onlyTypes: onlyTypes(text) };
};
