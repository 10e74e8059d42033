// The copies of `ws` and `rxjs` that rxjs-ws stands on: a peer of another version would be another comparison.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
const require = createRequire(join(root, 'package.json'));

export const { WebSocket, WebSocketServer } = require('ws');
export const rxjs = require('rxjs');
export const { webSocket } = require('rxjs/webSocket');
/** What is measured: the built package, or another build of it. */
export const dist = resolve(process.env.RXJS_WS_DIST ?? join(root, 'dist/esm'));
export const load = (file) => import(join(dist, file));
export const versions = {
  ws: require('ws/package.json').version,
  rxjs: require('rxjs/package.json').version,
};
export const certificate = {
  cert: readFileSync(join(root, 'spec/fixtures/server.crt')),
  key: readFileSync(join(root, 'spec/fixtures/server.key')),
};
