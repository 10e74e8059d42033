import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { serverHandshake } from '../../src/server/serverHandshake.ts';
import { httpServer } from './httpServer.ts';

describe('serverHandshake', () => {
  it('is the address of a server', async () => {
    await using borrowed = await httpServer();
    const handshake = serverHandshake(borrowed.server);
    expect(handshake.url.href).toBe(`ws://127.0.0.1:${borrowed.port}/`);
    expect(handshake).toMatchObject({ path: '/', headers: {}, remoteAddress: '' });
    expect([...handshake.query]).toEqual([]);
  });

  it('is some address before it listens', () => {
    expect(serverHandshake(createServer()).url.href).toBe('ws://localhost/');
  });
});
