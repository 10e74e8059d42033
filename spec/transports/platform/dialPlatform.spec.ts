import { describe, expect, it, jest } from '@jest/globals';
import { firstValueFrom, map, type Observable, VirtualTimeScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { WebSocket } from 'undici';
import type { DialRequest } from '../../../src/transports/Dial.ts';
import { dialPlatform } from '../../../src/transports/platform/dialPlatform.ts';
import { answer, rawServer, switching } from '../../client/rawServer.ts';
import { pass } from '../../core/passing.ts';
import { FakeSocket } from './FakeSocket.ts';

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
