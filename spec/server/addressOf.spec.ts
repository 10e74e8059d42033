import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ListenAddress } from '../../src/server/ListenAddress.ts';
import { addressOf } from '../../src/server/addressOf.ts';

let server: Server;
afterEach(() => void server.close());

async function listening(where: object, made: Server = createServer()): Promise<ListenAddress> {
  server = made;
  server.listen(where);
  await once(server, 'listening');
  return addressOf(server)!;
}

describe('addressOf', () => {
  it('is nothing before the server listens', () => {
    server = createServer();
    expect(addressOf(server)).toBeUndefined();
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', 'localhost'],
    ['::', 'localhost'],
    ['::1', '[::1]'],
  ])('of %s is ws://%s', async (host, name) => {
    const { port, url } = await listening({ port: 0, host });
    expect(url).toBe(`ws://${name}:${port}`);
    expect(new URL(url).port).toBe(String(port));
  });

  it('is wss with TLS', async () => {
    expect((await listening({ port: 0, host: '127.0.0.1' }, createHttpsServer())).url).toMatch(
      /^wss:\/\/127\.0\.0\.1:\d+$/,
    );
  });

  it('has no port on a Unix socket', async () => {
    const path = join(tmpdir(), `address-of-${process.pid}.sock`);
    expect(await listening({ path })).toEqual({ port: 0, url: `ws+unix:${path}` });
  });
});
