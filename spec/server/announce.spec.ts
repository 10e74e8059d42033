import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { AsyncSubject, lastValueFrom } from 'rxjs';
import { announce } from '../../src/server/announce.ts';
import { boundAddresses } from '../../src/server/Binder.ts';
import type { ListenAddress } from '../../src/server/ListenAddress.ts';
import { httpServer } from './httpServer.ts';

describe('announce', () => {
  it('tells a function once the server listens, and no second time', async () => {
    const seen: ListenAddress[] = [];
    const server = createServer();
    // Node has one too.
    const before = server.listenerCount('listening');
    announce(server, { listening: (address) => seen.push(address) });
    expect(seen).toEqual([]);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    expect(seen).toEqual([{ port: expect.any(Number), url: expect.stringMatching(/^ws:/) }]);
    server.close();
    expect(server.listenerCount('listening')).toBe(before);
  });

  it('tells at once where it listens already', async () => {
    await using borrowed = await httpServer();
    const seen: ListenAddress[] = [];
    announce(borrowed.server, { listening: (address) => seen.push(address) })();
    expect(seen).toMatchObject([{ port: borrowed.port }]);
  });

  it('tells of a server that was bound and listens on no port', () => {
    const seen: ListenAddress[] = [];
    const server = createServer();
    announce(server, { listening: (address) => seen.push(address) });
    boundAddresses.set(server, { port: 8080, address: '::' });
    announce(server, { listening: (address) => seen.push(address) });
    server.emit('listening');
    server.close();
    const told = { port: 8080, url: 'ws://localhost:8080' };
    expect(seen).toEqual([told, told]);
  });

  it('tells an observer, and completes it', async () => {
    await using borrowed = await httpServer();
    const told = new AsyncSubject<ListenAddress>();
    announce(borrowed.server, { listening: told });
    expect(await lastValueFrom(told)).toMatchObject({ port: borrowed.port });
    announce(borrowed.server, { listening: {} });
  });

  it('takes its listener back when cancelled, and has none where nobody wants to know', () => {
    const server = createServer();
    const before = server.listenerCount('listening');
    announce(server, {});
    expect(server.listenerCount('listening')).toBe(before);
    const cancel = announce(server, { listening: () => {} });
    expect(server.listenerCount('listening')).toBe(before + 1);
    cancel();
    expect(server.listenerCount('listening')).toBe(before);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('oh');
      },
    ],
    ['rejects', (): void => Promise.reject(new Error('oh')) as never],
    [
      'throws as an observer',
      {
        next: () => {
          throw new Error('oh');
        },
      },
    ],
  ])('reports what %s', async (_, listening) => {
    await using borrowed = await httpServer();
    const [error, where] = await new Promise<unknown[]>((done) => {
      announce(borrowed.server, { listening, onError: (...args) => done(args) });
    });
    expect(error).toMatchObject({ message: 'oh' });
    expect(where).toMatchObject({ url: { port: String(borrowed.port) } });
  });
});
