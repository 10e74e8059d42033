import { Buffer } from 'node:buffer';
import { describe, expect, it, jest } from '@jest/globals';
import {
  firstValueFrom,
  ignoreElements,
  lastValueFrom,
  merge,
  NEVER,
  Observable,
  retry,
  Subject,
  switchMap,
  take,
  tap,
  toArray,
  VirtualTimeScheduler,
} from 'rxjs';
import type { Connection } from '../../src/connection/Connection.ts';
import { handle } from '../../src/server/handle.ts';
import { listen } from '../../src/server/listen.ts';
import { pass } from '../core/passing.ts';
import { startingLoopbacks, turns } from './starting.ts';

const start = startingLoopbacks();
const echo = handle(({ messages }: Connection) => messages);
const CHUNK_BYTES = 10_000;
/** Beside `bufferBytes`: `highWaterBytes` inside the socket that writes, and what goes beyond either. */
const SOCKET_BYTES = 2 * 65_536;
const lost = {
  code: 1006,
  wasClean: false,
  by: 'network',
  error: { code: 'ECONNRESET', message: 'read ECONNRESET' },
};

describe('loopback', () => {
  describe('stall', () => {
    it('of the client holds the server, and bounds what it pulls; after `resume` all arrives', async () => {
      let pulled = 0;
      const film = handle(async function* ({ text }: Connection) {
        await firstValueFrom(text);
        for (; pulled < 200; pulled++) yield Buffer.alloc(CHUNK_BYTES, pulled);
      });
      const net = start(listen({}).pipe(film), { bufferBytes: 100_000 });
      const connection = await net.dial('/');
      const received: number[] = [];
      connection.binary.subscribe((bytes) => received.push(bytes[0]!));
      net.stall('client');
      connection.send('go');
      await turns(500);
      expect(pulled * CHUNK_BYTES).toBeGreaterThan(100_000);
      expect(pulled * CHUNK_BYTES).toBeLessThan(100_000 + SOCKET_BYTES);
      expect(received).toEqual([]);
      net.resume('client');
      expect(await firstValueFrom(connection.closed)).toMatchObject({ code: 1000 });
      expect(received).toEqual(Array.from({ length: 200 }, (_, n) => n));
    });

    it('of the server holds the client, which still hears of the server', async () => {
      const ticks = new Subject<string>();
      const sizes: number[] = [];
      const read = handle(({ binary }: Connection) =>
        merge(
          ticks,
          binary.pipe(
            tap((bytes) => sizes.push(bytes.length)),
            ignoreElements(),
          ),
        ),
      );
      const net = start(listen({}).pipe(read), { bufferBytes: 0 });
      const connection = await net.dial({ url: '/', maxQueuedBytes: Infinity });
      net.stall('server');
      const writable: boolean[] = [];
      connection.writable.subscribe((isWritable) => writable.push(isWritable));
      for (let n = 0; n < 20; n++) connection.send(Buffer.alloc(CHUNK_BYTES));
      await turns();
      expect(writable).toEqual([true, false]);
      expect(connection.bufferedBytes).toBeGreaterThan(20 * CHUNK_BYTES - 1);
      ticks.next('tick');
      expect(await firstValueFrom(connection.text)).toBe('tick');
      expect(sizes).toEqual([]);
      net.resume('server');
      await turns();
      expect(sizes).toHaveLength(20);
      expect(writable).toEqual([true, false, true]);
      expect(connection.bufferedBytes).toBe(0);
    });

    it('gets a slow reader the latest, not a backlog', async () => {
      const ticks = new Subject<string>();
      const config = { overflow: 'latest', highWaterBytes: 1 } as const;
      const net = start(listen(config).pipe(handle(() => ticks)), { bufferBytes: 0 });
      const connection = await net.dial('/');
      const seen: string[] = [];
      connection.text.subscribe((tick) => seen.push(tick));
      net.stall('client');
      for (const tick of ['a', 'b', 'c', 'd']) {
        ticks.next(tick);
        await turns(3);
      }
      net.resume('client');
      await turns();
      expect(seen).toEqual(['a', 'd']);
    });

    it('holds who comes later too: a dial runs out of time, or is open after `resume`', async () => {
      const scheduler = new VirtualTimeScheduler();
      const net = start(listen({}).pipe(echo));
      net.stall('server');
      const late = net.dial({ url: '/', scheduler, handshakeTimeoutMs: 1_000 });
      const refusal = late.catch((error: unknown) => error);
      const patient = net.dial({ url: '/', scheduler });
      await turns();
      pass(scheduler, 1_000);
      expect(await refusal).toMatchObject({
        code: 'HANDSHAKE',
        message: expect.stringContaining('not open within 1000 ms'),
      });
      net.resume('server');
      expect((await patient).state).toBe('open');
    });

    it('hides a close, and its answer', async () => {
      const scheduler = new VirtualTimeScheduler();
      const net = start(listen({ scheduler }).pipe(echo));
      const connection = await net.dial('/');
      net.stall('server');
      connection.close(4000);
      await turns();
      expect(connection.state).toBe('closing');
      net.resume('server');
      expect(await firstValueFrom(connection.closed)).toMatchObject({ code: 4000, wasClean: true });
    });
  });

  describe('reset', () => {
    it('loses every connection at both ends, at once', async () => {
      const served: Connection[] = [];
      const net = start(
        listen({}).pipe(
          tap((connection) => served.push(connection)),
          handle(() => NEVER),
        ),
      );
      const clients = [await net.dial('/'), await net.dial('/')];
      const ends = [...served, ...clients].map(({ closed }) => firstValueFrom(closed));
      const unread = lastValueFrom(clients[0]!.messages.pipe(toArray()));
      const iterating = clients[1]![Symbol.asyncIterator]().next();
      net.reset();
      await expect(iterating).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', close: lost });
      expect(await Promise.all(ends)).toMatchObject([lost, lost, lost, lost]);
      expect(await unread).toEqual([]);
      const ended = await firstValueFrom(net.server.pipe(take(2), toArray()));
      expect(ended).toMatchObject([
        { close: lost, finished: false },
        { close: lost, finished: false },
      ]);
    });

    it('does so under a stall, and drops what is under way', async () => {
      const received: string[] = [];
      const net = start(
        listen({}).pipe(
          tap(({ text }) => text.subscribe((line) => received.push(line))),
          handle(() => NEVER),
        ),
      );
      const connection = await net.dial('/');
      net.stall('server');
      connection.send('lost');
      await turns();
      net.reset();
      expect(await firstValueFrom(connection.closed)).toMatchObject(lost);
      expect((await firstValueFrom(net.server)).close).toMatchObject(lost);
      net.resume('server');
      await turns();
      expect(received).toEqual([]);
    });

    it('is an error of `connect`, after which `retry` gets a new connection', async () => {
      const net = start(listen({}).pipe(echo));
      const opened: unknown[] = [];
      const line = net.connect('/').pipe(
        tap(({ send, id }) => {
          opened.push(id);
          if (opened.length < 3) queueMicrotask(() => net.reset());
          else send('still here');
        }),
        switchMap(({ text }) => text),
        retry(2),
      );
      expect(await firstValueFrom(line)).toBe('still here');
      expect(new Set(opened).size).toBe(3);
      await expect(
        lastValueFrom(net.connect('/').pipe(tap(() => queueMicrotask(() => net.reset())))),
      ).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', close: lost, cause: lost.error });
    });

    it('fails who dials, and cancels the decision', async () => {
      const cancelled = jest.fn();
      const undecided = new Observable<boolean>(() => cancelled);
      const net = start(listen({ shouldUpgrade: ({ path }) => (path === '/slow' ? undecided : true) }));
      const refusal = net.dial('/slow').catch((error: unknown) => error);
      await turns();
      net.reset();
      expect(await refusal).toMatchObject({ code: 'HANDSHAKE', cause: { code: 'ECONNRESET' } });
      await turns();
      expect(cancelled).toHaveBeenCalledTimes(1);
      expect((await net.dial('/')).state).toBe('open');
    });

    it('fails who has just begun to dial', async () => {
      const net = start(listen({}).pipe(echo));
      for (let n = 0; n < 5; n++) {
        const refusal = net.dial('/').catch((error: unknown) => error);
        for (let turn = 0; turn < n; turn++) await Promise.resolve();
        net.reset();
        expect(await refusal).toMatchObject({ code: 'HANDSHAKE', cause: { code: 'ECONNRESET' } });
      }
    });
  });

  describe('chunkBytes', () => {
    it.each([1, 2, 3, 7])('of %p changes nothing of what arrives', async (chunkBytes) => {
      const net = start(listen({ perMessageDeflate: { threshold: 100 } }).pipe(echo), { chunkBytes });
      const connection = await net.dial({ url: '/', headers: { 'x-long': 'x'.repeat(1_000) } });
      const sent = ['a', '', 'é👩‍👩‍👧'.repeat(50), 'x'.repeat(5_000)];
      const got = firstValueFrom(connection.text.pipe(take(sent.length), toArray()));
      sent.forEach(connection.send);
      expect(await got).toEqual(sent);
      expect(await firstValueFrom(connection.ping())).toBeGreaterThanOrEqual(0);
      connection.close(4000, 'grüße');
      expect(await firstValueFrom(connection.closed)).toMatchObject({
        code: 4000,
        reason: 'grüße',
        wasClean: true,
      });
    });
  });

  describe('latencyMs', () => {
    const latencyMs = 20;

    it('delays each direction, by time that is given', async () => {
      const scheduler = new VirtualTimeScheduler();
      const asked: number[] = [];
      const shouldUpgrade = (): boolean => asked.push(scheduler.now()) > 0;
      const net = start(listen({ shouldUpgrade, scheduler }).pipe(echo), { latencyMs, scheduler });
      const opened: number[] = [];
      const dialling = net.dial({ url: '/', scheduler }).then((connection) => {
        opened.push(scheduler.now());
        return connection;
      });
      const after = async (ms: number): Promise<void> => {
        for (let n = 0; n < ms; n++) {
          await turns(5);
          pass(scheduler, 1);
        }
        await turns(5);
      };
      await after(50);
      expect([asked, opened]).toEqual([[20], [40]]);
      const connection = await dialling;
      const heard: [string, number][] = [];
      connection.text.subscribe((line) => heard.push([line, scheduler.now()]));
      const trips: number[] = [];
      connection.send('a');
      connection.ping().subscribe((tripMs) => trips.push(tripMs));
      await after(10);
      connection.send('b');
      await after(60);
      expect(heard).toEqual([
        ['a', 90],
        ['b', 100],
      ]);
      expect(trips).toEqual([40]);
      connection.close();
      await after(50);
      expect(await firstValueFrom(connection.closed)).toMatchObject({ code: 1000, wasClean: true });
    });

    it('is over when a connection is cut: no timer is left', async () => {
      const scheduler = new VirtualTimeScheduler();
      const net = start(listen({}).pipe(echo), { latencyMs, scheduler });
      const refusal = net.dial('/').catch((error: unknown) => error);
      await turns();
      expect(scheduler.actions.length).toBeGreaterThan(0);
      net.reset();
      expect(await refusal).toMatchObject({ code: 'HANDSHAKE' });
      await turns();
      expect(scheduler.actions).toEqual([]);
    });

    it('does so by the clock of the machine where no other is given', async () => {
      const net = start(listen({}).pipe(echo), { latencyMs: 1 });
      const connection = await net.dial('/');
      expect(await firstValueFrom(connection.ping())).toBeGreaterThanOrEqual(2);
    });
  });
});
