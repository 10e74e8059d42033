import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

type Tree = Record<string, string>;

const program = resolve('spec/package/rooms.mjs');

const good: Tree = {
  'src/core/data.ts': `import type { IncomingMessage } from 'node:http';
    export type Data = string | Uint8Array; export interface Asked { request: IncomingMessage }`,
  'src/core/close.ts': 'export const normal = 1000; // console.log, all$, instanceof Error',
  'spec/core/close.spec.ts': '',
  'src/transports/ws.ts': `import { WebSocket } from 'ws'; import 'node:net';
    import { normal } from '../core/close.ts'; export const open = (url: string) => [new WebSocket(url), normal];`,
  'spec/transports/ws.spec.ts': '',
  'src/connection/connection.ts': `export { normal } from '../core/close.ts';`,
  'spec/connection/connection.spec.ts': '',
  'src/server/listen.ts': `import { createServer } from 'node:http'; import { open } from '../transports/ws.ts';
    export const text = \`\${open}\`; export const listen = createServer;`,
  'spec/server/listen.spec.ts': '',
  'src/client/connect.ts': `import type { RequestOptions } from 'node:https'; import type { open } from '../transports/ws.ts';
    export { normal as connect } from '../core/close.ts'; export type Opens = [RequestOptions, typeof open];`,
  'spec/client/connect.spec.ts': '',
  'src/index.ts': `export * from './server/listen.ts'; export * from './browser.ts';`,
  'src/browser.ts': `export * from './client/connect.ts';`,
};

/** What is put on top of the good tree, and the complaint that follows. */
const bad: [string, Tree, string][] = [
  [
    'a lower room importing a higher one',
    { 'src/core/data.ts': `import type {} from '../server/listen.ts';` },
    'core may not import',
  ],
  [
    'a room importing an entry point',
    { 'src/core/data.ts': `export type * from '../index.ts';` },
    'core may not import',
  ],
  [
    'an import type of a higher room',
    { 'src/core/data.ts': `export type T = import('../client/connect.ts').Opens;` },
    'core may not import',
  ],
  [
    'client importing server',
    { 'src/client/connect.ts': `import '../server/listen.ts';` },
    'client may not import',
  ],
  [
    'server importing client',
    { 'src/server/listen.ts': `import '../client/connect.ts';` },
    'server may not import',
  ],
  [
    'operators importing transports',
    { 'src/operators/a.ts': `import type {} from '../transports/ws.ts';` },
    'operators may not import',
  ],
  ['a file in no room', { 'src/utils/a.ts': 'export type A = 1;' }, 'is in no room'],
  ['an entry point without a name', { 'src/other.ts': 'export type A = 1;' }, 'is in no room'],
  [
    'ws outside transports',
    { 'src/core/data.ts': `import type { WebSocket } from 'ws';` },
    'only transports may import ws',
  ],
  [
    'node:net outside transports',
    { 'src/server/listen.ts': `import type { Socket } from 'node:net';` },
    'only transports may import node:net',
  ],
  [
    'node:tls outside transports',
    { 'src/client/connect.ts': `import type {} from 'tls';` },
    'only transports may import tls',
  ],
  [
    'a value of node:http in core',
    { 'src/core/data.ts': `import { STATUS_CODES } from 'node:http'; export const a = STATUS_CODES;` },
    'core may not import node:http',
  ],
  [
    'node:https in topics',
    { 'src/topics/a.ts': `import type {} from 'node:https';` },
    'topics may not import node:https',
  ],
  [
    'new WebSocket outside transports',
    { 'src/client/connect.ts': 'export const a = new WebSocket("");' },
    'the global WebSocket',
  ],
  [
    'globalThis.WebSocket outside transports',
    { 'src/client/connect.ts': 'export const a = globalThis.WebSocket;' },
    'the global WebSocket',
  ],
  [
    'ws within reach of the browser',
    { 'src/browser.ts': `export { open } from './transports/ws.ts';` },
    'the browser reaches ws',
  ],
  [
    'ws within reach of another entry of the browser',
    { 'src/browserWebSocket.ts': `export { open } from './transports/ws.ts';` },
    'the browser reaches ws',
  ],
  [
    'node: within reach of the browser',
    {
      'src/core/close.ts': `import { EventEmitter } from 'node:events'; export const normal = EventEmitter;`,
    },
    'the browser reaches node:events',
  ],
  [
    'code without a spec',
    { 'src/core/other.ts': 'export const other = 1;' },
    'has no spec/core/other.spec.ts',
  ],
  ['over 200 lines', { 'src/core/data.ts': 'export type A = 1;\n'.repeat(201) }, '201 lines'],
  ['console', { 'src/core/close.ts': 'export const normal = () => console.log(1);' }, 'uses console'],
  [
    'a name that ends in $',
    { 'src/core/close.ts': 'export const normal = { all$: 1 };' },
    'name ends in $: all$',
  ],
  [
    'instanceof Observable',
    { 'src/core/close.ts': 'export const normal = (a: unknown) => a instanceof Observable;' },
    'instanceof Observable',
  ],
  [
    'instanceof Error',
    { 'src/core/close.ts': 'export const normal = (a: unknown) => a instanceof globalThis.Error;' },
    'instanceof Error',
  ],
];

describe('rooms', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rooms-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  const check = (tree: Tree) => {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, root], { encoding: 'utf8' });
    return { status, complaints: stderr.split('\n').filter((line) => line !== ''), stdout };
  };

  it('passes a good tree', () => {
    expect(check(good)).toMatchObject({ status: 0, complaints: [] });
  });

  it.each(bad)('fails on %s', (_name, tree, complaint) => {
    const { status, complaints } = check({ ...good, ...tree });
    expect(complaints.join('\n')).toContain(complaint);
    expect(status).toBe(1);
  });
});
