import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { firstValueFrom, map, type Observable, VirtualTimeScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { WebSocket, WebSocketStream } from 'undici';
import type { DialRequest } from '../../../src/transports/Dial.ts';
import { dialPlatform } from '../../../src/transports/platform/dialPlatform.ts';
import { answer, rawServer, switching } from '../../client/rawServer.ts';
import { pass } from '../../core/passing.ts';
import { StreamTransport } from '../../../src/transports/platform/StreamTransport.ts';
import { FakeSocket } from './FakeSocket.ts';
import { FakeStream } from './FakeStream.ts';

const request: DialRequest = {
  url: new URL('ws://peer.test/chat?token=1'),
  where: 'ws://peer.test/chat',
  protocols: ['a', 'b'],
  headers: {},
  tls: undefined,
  perMessageDeflate: true,
  handshakeTimeoutMs: 9,
  maxMessageBytes: 100,
  scheduler: undefined,
};

describe('dialPlatform', () => {
  describe('over a socket that a spec plays', () => {
    const play = (
      body: (
        dial: Observable<string>,
        socket: FakeSocket,
        helpers: Parameters<Parameters<TestScheduler['run']>[0]>[0],
      ) => void,
    ): FakeSocket => {
      const socket = new FakeSocket();
      const Socket = jest.fn(() => socket);
      const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
      scheduler.run((helpers) => {
        const dial = dialPlatform({ ...request, scheduler }, Socket);
        body(dial.pipe(map(({ transport }) => transport.protocol)), socket, helpers);
      });
      expect(Socket.mock.calls).toEqual([['ws://peer.test/chat?token=1', ['a', 'b']]]);
      expect(socket.listening).toEqual([]);
      return socket;
    };

    it('emits when it opens, and leaves it open', () => {
      const socket = play((dial, socket, { cold, expectObservable }) => {
        cold('---o').subscribe(() => socket.emit('open'));
        expectObservable(dial, '^---------------!').toBe('---(o|)', { o: 'v1' });
      });
      expect(socket).toMatchObject({ binaryType: 'arraybuffer', closes: [] });
    });

    it('errors where it fails; the platform does not say why', () => {
      play((dial, socket, { cold, expectObservable }) => {
        cold('---e').subscribe(() => {
          socket.emit('error');
          socket.emit('close', { code: 1006, wasClean: false });
        });
        const error: unknown = expect.objectContaining({
          code: 'HANDSHAKE',
          status: undefined,
          message:
            'could not connect to ws://peer.test/chat: the server was not reached, or refused; the platform does not tell which',
        });
        expectObservable(dial).toBe('---#', {}, error);
      });
    });

    it('errors at the deadline, and closes', () => {
      const socket = play((dial, _socket, { expectObservable }) => {
        const error: unknown = expect.objectContaining({ code: 'HANDSHAKE' });
        expectObservable(dial).toBe('---------#', {}, error);
      });
      expect(socket.closes).toEqual([[]]);
    });

    it('closes on unsubscribe', () => {
      const socket = play((dial, socket, { cold, expectObservable }) => {
        cold('-----o').subscribe(() => socket.emit('open'));
        expectObservable(dial, '^--!').toBe('----');
      });
      expect(socket.closes).toEqual([[]]);
    });
  });

  it.each<[string, Partial<DialRequest>]>([
    ['headers', { headers: { authorization: 'x' } }],
    ['TLS options', { tls: {} }],
  ])('refuses %s, which a page cannot set', async (_name, more) => {
    const Socket = jest.fn<() => FakeSocket>();
    const dial = dialPlatform({ ...request, ...more }, Socket);
    await expect(firstValueFrom(dial)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(Socket).not.toHaveBeenCalled();
  });

  it('errors where there is no WebSocket', async () => {
    const host = globalThis as { WebSocket?: unknown };
    const original = Object.getOwnPropertyDescriptor(host, 'WebSocket');
    delete host.WebSocket;
    try {
      await expect(firstValueFrom(dialPlatform(request))).rejects.toMatchObject({ code: 'HANDSHAKE' });
    } finally {
      if (original) Object.defineProperty(host, 'WebSocket', original);
    }
  });

  describe('over a WebSocketStream', () => {
    const host = globalThis as { WebSocketStream?: unknown; WebSocket?: unknown };
    let stream: FakeStream;
    const Stream = jest.fn((_url: string, _options: { protocols: string[]; signal: AbortSignal }) => stream);
    const signal = (): AbortSignal => Stream.mock.calls[0]![1].signal;

    beforeEach(() => {
      stream = new FakeStream();
      Stream.mockClear();
      host.WebSocketStream = Stream;
    });
    afterEach(() => {
      delete host.WebSocketStream;
    });

    it('takes it where there is one', async () => {
      const dialed = firstValueFrom(dialPlatform(request));
      stream.open();
      const { transport, headers, remoteAddress } = await dialed;
      expect(transport).toBeInstanceOf(StreamTransport);
      expect({ protocol: transport.protocol, headers, remoteAddress }).toEqual({
        protocol: 'v1',
        headers: {},
        remoteAddress: '',
      });
      expect(Stream.mock.calls).toEqual([
        ['ws://peer.test/chat?token=1', { protocols: ['a', 'b'], signal: expect.any(AbortSignal) }],
      ]);
      expect(stream.closes).toEqual([]);
    });

    it('takes the WebSocket where it should not, or is given one', async () => {
      const Socket = jest.fn(() => new FakeSocket());
      const original = Object.getOwnPropertyDescriptor(host, 'WebSocket');
      Object.defineProperty(host, 'WebSocket', { configurable: true, value: Socket });
      dialPlatform({ ...request, webSocketStream: false })
        .subscribe()
        .unsubscribe();
      dialPlatform(request, Socket).subscribe().unsubscribe();
      delete host.WebSocket;
      if (original) Object.defineProperty(host, 'WebSocket', original);
      expect([Socket.mock.calls.length, Stream.mock.calls.length]).toEqual([2, 0]);
    });

    it('errors where it fails; the platform does not say why', async () => {
      const dialed = firstValueFrom(dialPlatform(request));
      const cause = new Error('closed before it was open');
      stream.refuse(cause);
      await expect(dialed).rejects.toMatchObject({
        code: 'HANDSHAKE',
        status: undefined,
        message:
          'could not connect to ws://peer.test/chat: the server was not reached, or refused; the platform does not tell which',
        cause,
      });
    });

    it('errors at the deadline, and gives up', async () => {
      const scheduler = new VirtualTimeScheduler();
      const dialed = firstValueFrom(dialPlatform({ ...request, scheduler }));
      pass(scheduler, 9);
      await expect(dialed).rejects.toMatchObject({ code: 'HANDSHAKE' });
      expect(signal().aborted).toBe(true);
    });

    it('gives up on unsubscribe', () => {
      const subscription = dialPlatform(request).subscribe();
      expect(signal().aborted).toBe(false);
      subscription.unsubscribe();
      expect(signal().aborted).toBe(true);
    });

    it('closes what opens in the turn in which it is unsubscribed', async () => {
      const told = jest.fn();
      const subscription = dialPlatform(request).subscribe(told);
      stream.open();
      subscription.unsubscribe();
      await turn();
      expect([told.mock.calls, stream.closes]).toEqual([[], [undefined]]);
    });

    it('errors for what cannot be dialled', async () => {
      host.WebSocketStream = class {
        constructor() {
          throw new SyntaxError('The subprotocol is invalid');
        }
      };
      await expect(firstValueFrom(dialPlatform(request))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        cause: { name: 'SyntaxError' },
      });
    });

    it('of undici: connects, is refused, and leaves no socket on unsubscribe', async () => {
      host.WebSocketStream = WebSocketStream;
      const dial = (url: string, protocols: string[] = []): ReturnType<typeof dialPlatform> =>
        dialPlatform({ ...request, protocols, handshakeTimeoutMs: 10_000, url: new URL(url) });
      {
        await using server = await rawServer((socket, head) =>
          socket.write(switching(head, 'Sec-WebSocket-Protocol: b')),
        );
        const { transport } = await firstValueFrom(dial(server.url, ['a', 'b']));
        expect(transport.protocol).toBe('b');
        transport.close(1000, '');
      }
      {
        await using server = await rawServer((socket) => socket.write(answer('401 No', 'Content-Length: 0')));
        await expect(firstValueFrom(dial(server.url))).rejects.toMatchObject({ code: 'HANDSHAKE' });
      }
      let asked = (): void => {};
      const requested = new Promise<void>((done) => (asked = done));
      await using server = await rawServer(() => asked());
      const subscription = dial(server.url).subscribe();
      await requested;
      subscription.unsubscribe();
      await server.gone();
    });
  });

  describe('over the WebSocket of undici', () => {
    const dial = (url: string, more: Partial<DialRequest> = {}): ReturnType<typeof dialPlatform> =>
      dialPlatform(
        { ...request, protocols: [], handshakeTimeoutMs: 10_000, url: new URL(url), ...more },
        WebSocket,
      );

    it('connects', async () => {
      await using server = await rawServer((socket, head) =>
        socket.write(switching(head, 'Sec-WebSocket-Protocol: b')),
      );
      const { transport, headers, remoteAddress } = await firstValueFrom(
        dial(server.url, { protocols: ['a', 'b'] }),
      );
      expect(transport.protocol).toBe('b');
      expect({ headers, remoteAddress }).toEqual({ headers: {}, remoteAddress: '' });
      transport.close(1000, '');
    });

    it.each([
      ['401', answer('401 No', 'Content-Length: 0')],
      ['200', answer('200 OK', 'Content-Length: 0')],
      ['garbage', 'SSH-2.0-OpenSSH_9.7\r\n\r\n'],
    ])('errors for %s', async (_name, reply) => {
      await using server = await rawServer((socket) => socket.write(reply));
      await expect(firstValueFrom(dial(server.url))).rejects.toMatchObject({
        code: 'HANDSHAKE',
        status: undefined,
      });
    });

    it('errors for a subprotocol that cannot be sent', async () => {
      await using server = await rawServer();
      const dialed = firstValueFrom(dial(server.url, { protocols: ['a b'] }));
      await expect(dialed).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        cause: { name: 'SyntaxError' },
      });
      expect(server.sockets).toEqual([]);
    });

    it('ends at the deadline', async () => {
      await using server = await rawServer();
      const scheduler = new VirtualTimeScheduler();
      const dialed = firstValueFrom(dial(server.url, { scheduler }));
      await server.connected;
      pass(scheduler, 10_000);
      await expect(dialed).rejects.toMatchObject({ code: 'HANDSHAKE' });
      await server.gone();
    });

    it('gives the transport the time that it is given', async () => {
      await using server = await rawServer((socket, head) => socket.write(switching(head)));
      const scheduler = new VirtualTimeScheduler();
      const { transport } = await firstValueFrom(dial(server.url, { scheduler, protocols: [] }));
      pass(scheduler, 7);
      expect(transport.clock.now()).toBe(7);
      expect(scheduler.actions).toEqual([]);
      transport.close(1000, '');
    });

    it('leaves no socket on unsubscribe', async () => {
      let asked = (): void => {};
      const request = new Promise<void>((done) => (asked = done));
      await using server = await rawServer(() => asked());
      const told = jest.fn();
      const subscription = dial(server.url).subscribe({ next: told, error: told, complete: told });
      await request;
      subscription.unsubscribe();
      await server.gone();
      expect(told).not.toHaveBeenCalled();
    });
  });
});
