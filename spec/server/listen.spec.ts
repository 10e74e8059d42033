import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { get as getTls } from 'node:https';
import { describe, expect, it, jest } from '@jest/globals';
import { concatWith, map, NEVER, of, Subject, throwError } from 'rxjs';
import { WebSocket } from 'ws';
import type { ListenError } from '../../src/core/ListenError.ts';
import { handle } from '../../src/server/handle.ts';
import { listen } from '../../src/server/listen.ts';
import { wsPeer } from '../transports/ws/wsPeer.ts';
import { httpServer } from './httpServer.ts';
import { RawClient, upgradeRequest } from './rawClient.ts';
import { serving } from './serving.ts';

const tls = { key: readFileSync('spec/fixtures/server.key'), cert: readFileSync('spec/fixtures/server.crt') };

async function client(url: string): Promise<ReturnType<typeof wsPeer>> {
  const ws = new WebSocket(url, { rejectUnauthorized: false });
  const peer = wsPeer(ws);
  await once(ws, 'open');
  return peer;
}

describe('listen', () => {
  it('accepts on a port that the system chose, and tells which', async () => {
    using server = await serving({}, handle(({ text }) => text.pipe(map((line) => line.toUpperCase()))));
    expect(server.url).toBe(`ws://127.0.0.1:${server.port}`);
    const peer = await client(server.url);
    peer.send('a', 'b');
    expect([await peer.next(), await peer.next()]).toEqual(['A', 'B']);
  });
});
