import { afterEach, describe, expect, it } from '@jest/globals';
import { from, lastValueFrom, toArray } from 'rxjs';
import { WebSocket as UndiciWebSocket } from 'undici';
import { WebSocket as WsWebSocket } from 'ws';
import { webSocket } from '../../../src/client/webSocket/webSocket.ts';
import type { WebSocketConstructor } from '../../../src/transports/platform/WebSocketConstructor.ts';
import { leavesNothing } from '../leavesNothing.ts';
import { closeFrame, rawServer, switching, textFrame } from '../rawServer.ts';
import { echo, wsServer } from '../wsServer.ts';
import { conversations } from './conversations.ts';
import { fakePlatform } from './FakeWebSocket.ts';
import { noWebSocket } from './noWebSocket.ts';

describe('webSocket, in Node', () => {
  noWebSocket();

  describe('without a WebSocket', () => {
    conversations(webSocket, 'close');

    it('gives all answers to a source that has ended', async () => {
      await using server = await wsServer((ws) => echo(ws));
      const socket = webSocket<number>(server.url);
      const answers = lastValueFrom(socket.pipe(toArray()));
      from([1, 2, 3]).subscribe(socket);
      expect(await answers).toEqual([1, 2, 3]);
    });

    it('loses nothing that came with the answer', async () => {
      await using server = await rawServer((socket, head) =>
        socket.end(switching(head) + textFrame('1') + textFrame('2') + closeFrame, 'latin1'),
      );
      const messages = webSocket<number>(server.url).pipe(toArray());
      expect(await lastValueFrom(messages)).toEqual([1, 2]);
    });

    it('gives plain objects for events', async () => {
      await using server = await wsServer((ws) => ws.close(4000, 'enough'));
      const events: unknown[] = [];
      const watch = { next: (event: unknown) => events.push(event) };
      const socket = webSocket({ url: server.url, openObserver: watch, closeObserver: watch });
      await lastValueFrom(socket, { defaultValue: undefined });
      expect(events).toEqual([
        { type: 'open' },
        { type: 'close', code: 4000, reason: 'enough', wasClean: true },
      ]);
    });

    it('says why a server refused', async () => {
      await using server = await wsServer(undefined, { verifyClient: () => false });
      await expect(lastValueFrom(webSocket(server.url))).rejects.toMatchObject({
        type: 'error',
        error: { code: 'HANDSHAKE', status: 401 },
      });
    });

    it('gives what cannot be a URL as an error', async () => {
      await expect(lastValueFrom(webSocket('nonsense'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    });

    it('leaves nothing', async () => {
      await leavesNothing(async () => {
        await using server = await wsServer((ws) => ws.send('1'));
        const socket = webSocket<number>(server.url);
        const seen: number[] = [];
        await new Promise<void>((done) => {
          const subscription = socket.subscribe((value) => {
            seen.push(value);
            subscription.unsubscribe();
            done();
          });
        });
        const second = socket.subscribe();
        second.unsubscribe();
        while (server.clients.size > 0) await new Promise((done) => setImmediate(done));
        expect(seen).toEqual([1]);
      });
    });

    it('connects to nothing before the first subscription', () => {
      const socket = webSocket<number>('ws://127.0.0.1:9');
      socket.next(1);
      expect(socket.observed).toBe(false);
    });
  });

  describe('with that of `ws`', () => {
    const WebSocketCtor: WebSocketConstructor = WsWebSocket;
    conversations(
      (given) =>
        webSocket(typeof given === 'string' ? { url: given, WebSocketCtor } : { ...given, WebSocketCtor }),
      'close',
    );
  });

  describe('with a global one', () => {
    const host = globalThis as { WebSocket?: unknown };
    const set = (value: unknown): void => {
      Object.defineProperty(host, 'WebSocket', { configurable: true, value });
    };
    afterEach(() => {
      delete host.WebSocket;
    });

    it('opens that', async () => {
      await using server = await wsServer((ws) => ws.close(1000));
      set(UndiciWebSocket);
      const told: unknown[] = [];
      const socket = webSocket({ url: server.url, closeObserver: { next: (event) => told.push(event) } });
      await lastValueFrom(socket, { defaultValue: undefined });
      expect(Object.prototype.toString.call(told[0])).toBe('[object CloseEvent]');
    });

    it('takes the one that there is when it is made, and a given one before it', () => {
      const log: string[] = [];
      const [given, global] = [fakePlatform(log), fakePlatform(log)];
      set(global.WebSocketCtor);
      const first = webSocket('ws://global');
      set(undefined);
      first.subscribe();
      set(global.WebSocketCtor);
      webSocket({ url: 'ws://given', WebSocketCtor: given.WebSocketCtor }).subscribe();
      expect(log).toEqual(['0: new ws://global', '0: new ws://given']);
      expect([global.sockets.length, given.sockets.length]).toEqual([1, 1]);
    });
  });
});
