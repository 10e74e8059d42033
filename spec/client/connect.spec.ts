import { setImmediate as turn } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { describe, expect, it, jest } from '@jest/globals';
import {
  firstValueFrom,
  forkJoin,
  lastValueFrom,
  type Observable,
  type Observer,
  switchMap,
  take,
  tap,
  toArray,
} from 'rxjs';
import { connect } from '../../src/client/connect.ts';
import { json } from '../../src/codecs/json.ts';
import { text } from '../../src/codecs/text.ts';
import type { Connection } from '../../src/connection/Connection.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import {
  answer,
  certificate,
  closeFrame,
  rawServer,
  rawTlsServer,
  switching,
  textFrame,
} from './rawServer.ts';
import { leavesNothing } from './leavesNothing.ts';
import { echo, firstClose, wsServer } from './wsServer.ts';

type Opened = Connection<Data, Sendable, undefined>;

describe('connect', () => {
  it('talks, and closes with 1000 on unsubscribe', async () => {
    const { watch, seen } = firstClose();
    await using server = await wsServer((ws) => {
      echo(ws);
      watch(ws);
    });
    const replies = connect(server.url).pipe(
      tap(({ send }) => ['a', 'b'].forEach(send)),
      switchMap((connection) => connection.text),
      take(2),
      toArray(),
    );
    expect(await lastValueFrom(replies)).toEqual(['a', 'b']);
    expect(await seen).toEqual([1000, '']);
  });

  it('is cold: nobody is asked before somebody subscribes, and each has a connection of its own', async () => {
    const paths: unknown[] = [];
    await using server = await wsServer((ws, { url }) => {
      paths.push(url);
      ws.send('hello');
    });
    const source = connect(server.url).pipe(
      switchMap((connection) => connection.text),
      take(1),
    );
    await turn();
    expect(paths).toEqual([]);
    expect(await Promise.all([lastValueFrom(source), lastValueFrom(source)])).toEqual(['hello', 'hello']);
    expect(paths).toEqual(['/chat', '/chat']);
  });

  it('gives a closed connection to who keeps only the first value', async () => {
    await using server = await wsServer();
    expect((await firstValueFrom(connect(server.url))).state).not.toBe('open');
  });

  it('completes when the server closes well, and errors when it does not', async () => {
    await using server = await wsServer((ws) =>
      ws.on('message', (code: Buffer) => ws.close(Number(code.toString()), 'bye')),
    );
    const told = (code: string): Observable<Opened> =>
      connect(server.url).pipe(tap(({ send }) => send(code)));
    await expect(lastValueFrom(told('1000'))).resolves.toMatchObject({ state: 'closed' });
    await expect(lastValueFrom(told('4001'))).rejects.toMatchObject({
      code: 'CONNECTION_CLOSED',
      close: { code: 4001, reason: 'bye', by: 'peer', wasClean: true },
    });
  });

  it('errors when it is lost', async () => {
    await using server = await wsServer((ws) => ws.terminate());
    await expect(lastValueFrom(connect(server.url))).rejects.toMatchObject({
      code: 'CONNECTION_CLOSED',
      close: { code: 1006, wasClean: false },
    });
  });

  it('decodes and encodes with the codec', async () => {
    await using server = await wsServer(echo);
    const replies = connect({ url: server.url, codec: json<{ n: number }>() }).pipe(
      tap(({ send }) => send({ n: 1 })),
      switchMap(({ messages }) => messages),
      take(1),
    );
    expect(await lastValueFrom(replies)).toEqual({ n: 1 });
  });

  it('closes and errors where a message cannot be decoded', async () => {
    const { watch, seen } = firstClose();
    await using server = await wsServer((ws) => {
      watch(ws);
      ws.send(Uint8Array.of(1));
    });
    const onError = jest.fn();
    const messages = connect({ url: server.url, codec: text(), onError }).pipe(switchMap((c) => c.messages));
    await expect(lastValueFrom(messages)).rejects.toMatchObject({ close: { code: 1003, by: 'local' } });
    expect(await seen).toEqual([1003, 'messages are text']);
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('compresses where the server wants to', async () => {
    await using server = await wsServer(echo, { perMessageDeflate: { threshold: 0 } });
    for (const perMessageDeflate of [true, { threshold: 0 }, false]) {
      const long = 'x'.repeat(50_000);
      const reply = connect({ url: server.url, perMessageDeflate }).pipe(
        tap(({ send, handshake }) => {
          expect('sec-websocket-extensions' in handshake.headers).toBe(perMessageDeflate !== false);
          send(long);
        }),
        switchMap((connection) => connection.text),
        take(1),
      );
      expect(await lastValueFrom(reply)).toBe(long);
    }
  });

  it('connects over TLS', async () => {
    await using server = await rawTlsServer((socket, head) =>
      socket.end(switching(head) + textFrame('safe') + closeFrame, 'latin1'),
    );
    const first = connect({ url: server.url, tls: { ca: certificate } }).pipe(
      switchMap((connection) => connection.text),
      take(1),
    );
    expect(await lastValueFrom(first)).toBe('safe');
    await server.gone();
  });

  it('uses the user and password of the URL, and shows them to nobody', async () => {
    let authorization: string | undefined;
    await using server = await wsServer((_ws, { headers }) => ({ authorization } = headers));
    const url = server.url.replace('//', '//me:secret@');
    const { handshake } = await firstValueFrom(connect(url));
    expect(authorization).toBe(`Basic ${Buffer.from('me:secret').toString('base64')}`);
    expect(handshake.url.href).toBe(server.url);
  });

  describe('what came in one packet with the answer', () => {
    const frames = ['a', 'b', 'c'];
    const talkative = (socket: Socket, head: string): void => {
      socket.write(switching(head) + frames.map(textFrame).join('') + closeFrame, 'latin1');
    };
    it.each<[string, (connection: Opened) => Promise<unknown>]>([
      ['at once', () => Promise.resolve()],
      ['in a microtask', () => new Promise<void>((done) => queueMicrotask(done))],
      ['after the ticks', () => new Promise((done) => process.nextTick(done))],
      [
        'some turns later',
        async () => {
          for (let i = 0; i < 5; i++) await turn();
        },
      ],
      ['after the end', ({ closed }) => lastValueFrom(closed)],
    ])('is complete for who reads %s', async (name, moment) => {
      await using server = await rawServer(talkative);
      const read = new Promise<Data[]>((resolve, reject) => {
        const readAll = ({ messages }: Opened): void => {
          messages.pipe(toArray()).subscribe(resolve);
        };
        connect(server.url).subscribe({
          next: (connection) => {
            if (name === 'at once') readAll(connection);
            else moment(connection).then(() => readAll(connection), reject);
          },
          error: reject,
        });
      });
      expect(await read).toEqual(frames);
    });

    it('is complete for two that subscribe one after the other', async () => {
      await using server = await rawServer(talkative);
      const both = connect(server.url).pipe(
        switchMap(({ messages, text }) => forkJoin([messages.pipe(toArray()), text.pipe(toArray())])),
      );
      expect(await lastValueFrom(both)).toEqual([frames, frames]);
    });
  });

  describe('on unsubscribe', () => {
    const observer = (): jest.Mocked<Observer<Opened>> => ({
      next: jest.fn(),
      error: jest.fn(),
      complete: jest.fn(),
    });

    it.each<[string, string, (head: string) => string]>([
      ['before the request is answered', 'ws', () => ''],
      ['in the middle of the answer', 'ws', (head) => switching(head).slice(0, 40)],
      ['in the middle of a refusal', 'ws', () => `${answer('401 No', 'Content-Length: 9')}half`],
      ['in the middle of the TLS handshake', 'wss', () => ''],
    ])('%s: no socket, no timer, no word', async (_name, scheme, reply) => {
      const told = observer();
      await leavesNothing(async () => {
        let asked = (): void => {};
        const request = new Promise<void>((done) => (asked = done));
        await using server = await rawServer((socket, head) => {
          socket.write(reply(head));
          asked();
        });
        const subscription = connect(server.url.replace('ws:', `${scheme}:`)).subscribe(told);
        await (scheme === 'ws' ? request : server.connected);
        await turn();
        subscription.unsubscribe();
        await server.gone();
      });
      for (const call of [told.next, told.error, told.complete]) expect(call).not.toHaveBeenCalled();
    });

    it('in the same turn: no socket, no timer, no word', async () => {
      const told = observer();
      await leavesNothing(async () => {
        await using server = await rawServer();
        connect(server.url).subscribe(told).unsubscribe();
        await turn();
      });
      for (const call of [told.next, told.error, told.complete]) expect(call).not.toHaveBeenCalled();
    });

    it('while the config is not known: nobody is asked', async () => {
      const told = observer();
      await using server = await rawServer();
      let give = (_url: string): void => {};
      const config = new Promise<string>((resolve) => (give = resolve));
      const subscription = connect(() => config).subscribe(told);
      subscription.unsubscribe();
      give(server.url);
      await config;
      await turn();
      expect(server.sockets).toEqual([]);
      expect(told.next).not.toHaveBeenCalled();
    });

    it('inside the emission: closed with 1000', async () => {
      const { watch, seen } = firstClose();
      await using server = await wsServer(watch);
      await lastValueFrom(connect(server.url).pipe(take(1)));
      expect(await seen).toEqual([1000, '']);
    });

    it('twice: an error of the abandoned dial touches nothing', async () => {
      const told = observer();
      await using server = await rawServer((socket) => socket.resetAndDestroy());
      const subscription = connect(server.url).subscribe(told);
      const socket = await server.connected;
      subscription.unsubscribe();
      subscription.unsubscribe();
      socket.destroy();
      await server.gone();
      await turn();
      expect(told.error).not.toHaveBeenCalled();
    });
  });

  it('leaves nothing behind after a failure', async () => {
    for (const reply of [answer('418 No', 'Content-Length: 0'), 'garbage\r\n\r\n']) {
      await leavesNothing(async () => {
        await using server = await rawServer((socket) => socket.write(reply));
        await expect(lastValueFrom(connect(server.url))).rejects.toMatchObject({ code: 'HANDSHAKE' });
        await server.gone();
      });
    }
  });

  it('leaves nothing behind after a connection', () =>
    leavesNothing(async () => {
      const { watch, seen } = firstClose();
      await using server = await wsServer(watch);
      await firstValueFrom(connect({ url: server.url, signal: new AbortController().signal }));
      await seen;
    }));
});
