// What a peer may do with frames that cost more than they look.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { filter, firstValueFrom } from 'rxjs';
import type { Connection } from '../../src/connection/Connection.ts';
import type { ListenConfig } from '../../src/server/ListenConfig.ts';
import { clientFrame, parseFrames, show, UPGRADE } from '../transports/ws/wire.ts';
import { serving } from './serving.ts';

const PING = 9;
let ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends) end();
  ends = [];
});

async function accepted(
  config: ListenConfig,
): Promise<{ connection: Connection; socket: Socket; received(): string[] }> {
  const server = await serving(config);
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  ends.push(
    () => socket.destroy(),
    () => server[Symbol.dispose](),
  );
  socket.write(UPGRADE);
  await once(socket, 'data');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const connection = (await server.emitted.next()) as Connection;
  return { connection, socket, received: () => parseFrames(Buffer.concat(chunks)).map(show) };
}

const pings = (count: number): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, i) => clientFrame(PING, String(i + 1))));

describe('pings of the peer', () => {
  it('are answered each, while they are not too many', async () => {
    const { connection, socket, received } = await accepted({});
    connection.text.subscribe((text) => connection.send(text));
    socket.write(Buffer.concat([pings(100), clientFrame(1, 'a')]));
    await once(socket, 'data');
    while (!received().includes('text:a')) await once(socket, 'data');
    expect(received()).toEqual([...Array.from({ length: 100 }, (_, i) => `pong:${i + 1}`), 'text:a']);
  });

  it('past the limit wait for the end of the second, and the newest is answered', async () => {
    const { connection, socket, received } = await accepted({ maxPingsPerSecond: 3 });
    connection.messages.subscribe();
    const last = firstValueFrom(connection.frames.pipe(filter(({ data }) => String(data) === '5000')));
    const startedAt = performance.now();
    socket.write(pings(5_000));
    await last;
    while (received().at(-1) !== 'pong:5000') await once(socket, 'data');
    expect(received().slice(0, 3)).toEqual(['pong:1', 'pong:2', 'pong:3']);
    expect(received().length).toBeLessThan(10);
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    expect(connection.state).toBe('open');
  });

  it('close with 1008 where it is told so', async () => {
    const { connection, socket } = await accepted({
      maxPingsPerSecond: 3,
      excess: 'close',
      closeTimeoutMs: 50,
    });
    socket.write(pings(4));
    expect(await firstValueFrom(connection.closed)).toMatchObject({
      code: 1008,
      by: 'local',
      reason: 'more than 3 pings a second',
    });
  });

  it('have no limit where it is turned off, and hold no memory for a peer that does not read', async () => {
    const { connection, socket } = await accepted({ maxPingsPerSecond: Infinity });
    connection.messages.subscribe();
    socket.pause();
    const payload = 'x'.repeat(125);
    const flood = Buffer.concat(Array.from({ length: 1_000 }, () => clientFrame(PING, payload)));
    let seen = 0;
    const all = firstValueFrom(connection.frames.pipe(filter(() => ++seen === 120_000)));
    for (let i = 0; i < 120; i++) if (!socket.write(flood)) await once(socket, 'drain');
    await all;
    // 15 MB of pongs would wait; so much may, and the newest.
    expect(connection.bufferedBytes).toBeLessThan(200_000);
    socket.resume();
    await once(socket, 'data');
    connection.terminate();
  });
});

describe('messages in parts', () => {
  it('have at most maxFragments', async () => {
    const parts = (count: number): Buffer =>
      Buffer.concat(
        Array.from({ length: count }, (_, i) => clientFrame(i === 0 ? 1 : 0, 'x', i === count - 1)),
      );
    const few = await accepted({ maxFragments: 10 });
    few.socket.write(parts(10));
    expect(await firstValueFrom(few.connection.text)).toBe('x'.repeat(10));
    few.socket.write(parts(11));
    expect(await firstValueFrom(few.connection.closed)).toMatchObject({ code: 1008, by: 'local' });
    const many = await accepted({ maxFragments: Infinity });
    many.socket.write(parts(20_000));
    expect(await firstValueFrom(many.connection.text)).toHaveLength(20_000);
  });
});
