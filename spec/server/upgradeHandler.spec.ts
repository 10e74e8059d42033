import { once } from 'node:events';
import type { Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { map } from 'rxjs';
import { WebSocket } from 'ws';
import { accept } from '../../src/server/accept.ts';
import { handle } from '../../src/server/handle.ts';
import { serverStatistics } from '../../src/server/ServerStatistics.ts';
import { upgradeHandler } from '../../src/server/upgradeHandler.ts';
import { wsPeer } from '../transports/ws/wsPeer.ts';
import { type Borrowed, httpServer } from './httpServer.ts';
import { RawClient, upgradeRequest } from './rawClient.ts';

let borrowed: Borrowed;
let server: Server;
beforeEach(async () => {
  borrowed = await httpServer();
  ({ server } = borrowed);
});
afterEach(() => borrowed[Symbol.asyncDispose]());

const ask = (path: string, fields: Record<string, string | undefined> = {}): RawClient =>
  RawClient.to(borrowed.port, upgradeRequest(path, fields));

describe('upgradeHandler', () => {
  it('gives what is handed to it as a stream of upgrades', async () => {
    const { handleUpgrade, upgrades } = upgradeHandler({ path: '/rooms/:room' });
    const rooms = upgrades
      .pipe(
        accept(({ params }) => ({ context: params })),
        handle(({ text, context }) => text.pipe(map((line) => `${context['room']}: ${line}`))),
      )
      .subscribe();
    server.on('upgrade', (request, socket, head) => handleUpgrade(request, socket, head));
    const ws = new WebSocket(`ws://127.0.0.1:${borrowed.port}/rooms/7`);
    const peer = wsPeer(ws);
    await once(ws, 'open');
    peer.send('a');
    expect(await peer.next()).toBe('7: a');
    rooms.unsubscribe();
    expect((await peer.closed).code).toBe(1001);
  });

  it('leaves alone what is not its own', async () => {
    const one = upgradeHandler({ path: '/one' });
    const other = upgradeHandler({ path: '/other' });
    const answers: boolean[] = [];
    other.upgrades.pipe(accept(() => false)).subscribe();
    server.on('upgrade', (request, socket, head) => {
      answers.push(one.handleUpgrade(request, socket, head));
      if (!answers.at(-1)) answers.push(other.handleUpgrade(request, socket));
      if (!answers.at(-1)) socket.end('HTTP/1.1 418 I\r\nContent-Length: 0\r\n\r\n');
    });
    expect((await ask('/other').refusal()).status).toBe(403);
    expect((await ask('/neither').refusal()).status).toBe(418);
    expect(answers).toEqual([false, true, false, false]);
  });

  it('refuses what is malformed, what comes from elsewhere, and all while nobody is there', async () => {
    const statistics = serverStatistics();
    const { handleUpgrade, upgrades } = upgradeHandler({ statistics });
    server.on('upgrade', handleUpgrade);
    const nobody = await ask('/').refusal();
    expect([nobody.status, nobody.headers['retry-after']]).toEqual([503, '5']);
    const subscription = upgrades.pipe(accept()).subscribe();
    expect((await ask('/', { Host: undefined }).refusal()).status).toBe(400);
    expect((await ask('/', { Origin: 'https://evil.example' }).refusal()).status).toBe(403);
    subscription.unsubscribe();
    expect((await ask('/').refusal()).status).toBe(503);
    expect(statistics.snapshot().refused).toMatchObject({ draining: 2, malformed: 1, origin: 1 });
  });

  it('refuses a path that nobody asks for', () => {
    expect(() => upgradeHandler({ path: 'chat' })).toThrow(/begins with a slash/);
  });
});
