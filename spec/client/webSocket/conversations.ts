import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { firstValueFrom, lastValueFrom, map, merge, retry, take, tap, timer, toArray } from 'rxjs';
import type { SocketSubject } from '../../../src/client/webSocket/SocketSubject.ts';
import type { WebSocketSubjectConfig } from '../../../src/client/webSocket/WebSocketSubjectConfig.ts';
import { handle } from '../../../src/server/handle.ts';
import { serving } from '../../server/serving.ts';
import { echo, firstClose, wsServer } from '../wsServer.ts';

interface CloseLike {
  readonly type: string;
  readonly code: number;
  readonly wasClean: boolean;
}

export type Make = <T>(urlOrConfig: string | WebSocketSubjectConfig<T>) => SocketSubject<T>;

/** What a `webSocket` does with real servers, over whatever sockets it has; `loss` is the first event of a lost one. */
export function conversations(webSocket: Make, loss: 'close' | 'error'): void {
  const asText = {
    serializer: (text: string) => text,
    deserializer: ({ data }: { data: unknown }) => String(data),
  };
  let closes: CloseLike[];
  const watched = { closeObserver: { next: (event: CloseLike) => closes.push(event) } };
  beforeEach(() => {
    closes = [];
  });

  it('talks with a server of this library', async () => {
    using server = await serving({}, (connections) =>
      connections.pipe(handle(({ messages }) => messages.pipe(map((message) => message)))),
    );
    const socket = webSocket<unknown>({ url: server.url, ...watched });
    socket.next({ before: 'the opening' });
    const answers = lastValueFrom(socket.pipe(tap({ next: () => socket.next('more') }), take(3), toArray()));
    expect(await answers).toEqual([{ before: 'the opening' }, 'more', 'more']);
    expect(await server.emitted.next()).toMatchObject({ close: { code: 1000, by: 'peer', wasClean: true } });
  });

  it('talks with a server of `ws`', async () => {
    const { watch, seen } = firstClose();
    await using server = await wsServer((ws) => {
      echo(ws);
      watch(ws);
    });
    const socket = webSocket<string>({ url: server.url, ...asText });
    const first = firstValueFrom(socket);
    socket.next('a');
    expect(await first).toBe('a');
    expect(await seen).toEqual([1000, '']);
  });

  it('tells of each end, and connects anew', async () => {
    let count = 0;
    await using server = await wsServer((ws) => {
      ws.send(String(++count));
      ws.close(4000, 'enough');
    });
    const socket = webSocket<number>({ url: server.url, ...watched });
    expect(await lastValueFrom(socket)).toBe(1);
    expect(await lastValueFrom(socket)).toBe(2);
    expect(closes.map(({ type, code, wasClean }) => [type, code, wasClean])).toEqual([
      ['close', 4000, true],
      ['close', 4000, true],
    ]);
  });

  it('errors with the event of a loss, and can be retried', async () => {
    let count = 0;
    await using server = await wsServer((ws) => {
      if (count++ === 0) ws.terminate();
      else ws.send('"here"');
    });
    const socket = webSocket<string>({ url: server.url, ...watched });
    const end = (await lastValueFrom(socket).catch((error: unknown) => error)) as CloseLike;
    while (closes.length === 0) await new Promise((done) => setImmediate(done));
    expect(end.type).toBe(loss);
    expect(closes.map(({ code, wasClean }) => [code, wasClean])).toEqual([[1006, false]]);
    count = 0;
    expect(await firstValueFrom(socket.pipe(retry({ count: 1, delay: () => timer(0) })))).toBe('here');
  });

  it('errors with an error event where there is no server', async () => {
    const told: [string, CloseLike][] = [];
    await new Promise<void>((done) => {
      const next = (event: CloseLike): void => {
        told.push(['closed', event]);
        done();
      };
      webSocket<string>({ url: 'ws://127.0.0.1:9', closeObserver: { next } }).subscribe({
        error: (error: CloseLike) => told.push(['error', error]),
      });
    });
    expect(told.map(([name, { type }]) => [name, type])).toEqual([
      ['error', 'error'],
      ['closed', 'close'],
    ]);
  });

  it('closes with a code and a reason', async () => {
    const { watch, seen } = firstClose();
    await using server = await wsServer(watch);
    const socket = webSocket<string>({
      url: server.url,
      openObserver: { next: () => socket.error({ code: 4321, reason: 'my own' }) },
    });
    await lastValueFrom(socket, { defaultValue: undefined });
    expect(await seen).toEqual([4321, 'my own']);
  });

  it('gives the error of a code that may not be sent, and closes', async () => {
    const { watch, seen } = firstClose();
    await using server = await wsServer(watch);
    const socket = webSocket<string>({
      url: server.url,
      openObserver: { next: () => socket.error({ code: 99 }) },
    });
    await expect(lastValueFrom(socket)).rejects.toMatchObject({ message: expect.stringContaining('code') });
    await seen;
  });

  it('shares a connection between parts of a conversation', async () => {
    const received: unknown[] = [];
    let connections = 0;
    await using server = await wsServer((ws) => {
      connections++;
      ws.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as { sub?: string };
        received.push(message);
        if (message.sub) ws.send(JSON.stringify({ key: message.sub, value: `first of ${message.sub}` }));
      });
    });
    const socket = webSocket<{ key: string; value: string }>(server.url);
    const part = (key: string) =>
      socket
        .multiplex(
          () => ({ sub: key }),
          () => ({ unsub: key }),
          (message) => message.key === key,
        )
        .pipe(take(1));
    const values = lastValueFrom(
      merge(part('a'), part('b')).pipe(
        map(({ value }) => value),
        toArray(),
      ),
    );
    expect(await values).toEqual(['first of a', 'first of b']);
    while (server.clients.size > 0) await new Promise((done) => setImmediate(done));
    expect(connections).toBe(1);
    expect(received).toEqual([{ sub: 'a' }, { sub: 'b' }, { unsub: 'a' }, { unsub: 'b' }]);
  });

  it('sends bytes, and gives them as they are asked for', async () => {
    await using server = await wsServer(echo);
    const socket = webSocket<ArrayBuffer>({
      url: server.url,
      serializer: (bytes) => bytes,
      deserializer: ({ data }: { data: unknown }) => data as ArrayBuffer,
      binaryType: 'arraybuffer',
    });
    socket.next(Uint8Array.of(1, 2, 3).buffer);
    expect(new Uint8Array(await firstValueFrom(socket))).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('sends much at once, and all of it, before it closes', async () => {
    let bytes = 0;
    let ended!: () => void;
    const end = new Promise<void>((done) => (ended = done));
    await using server = await wsServer((ws) => {
      ws.on('message', (data: Buffer) => (bytes += data.length));
      ws.on('close', ended);
    });
    const socket = webSocket<string>({ url: server.url, ...asText });
    const subscription = socket.subscribe();
    for (let i = 0; i < 100; i++) socket.next('x'.repeat(100_000));
    socket.complete();
    await end;
    expect(bytes).toBe(10_000_000);
    subscription.unsubscribe();
  });

  describe('with a server that does not read', () => {
    afterEach(() => {
      jest.restoreAllMocks();
    });

    it('holds no more than it may, and ends with 1013', async () => {
      const open = deferred();
      await using server = await wsServer((ws) => ws.pause());
      const drops: number[] = [];
      const socket = webSocket<string>({
        url: server.url,
        ...asText,
        maxQueuedBytes: 1_000_000,
        dropped: ({ bytes }) => drops.push(bytes),
        openObserver: { next: () => open.resolve() },
      });
      const end = lastValueFrom(socket).catch((error: unknown) => error);
      await open.promise;
      let sent = 0;
      // The system's own buffers take some megabytes.
      while (drops.length === 0 && sent < 200_000_000) {
        socket.next('x'.repeat(100_000));
        sent += 100_000;
        if (sent % 2_000_000 === 0) await new Promise((done) => setImmediate(done));
      }
      expect(sent).toBeLessThan(50_000_000);
      expect(await end).toEqual({ type: 'close', code: 1013, reason: 'too slow', wasClean: false });
    });
  });
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  return { promise: new Promise<void>((done) => (resolve = done)), resolve };
}
