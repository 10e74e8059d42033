import net, { type Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { firstValueFrom, type Observer, VirtualTimeScheduler } from 'rxjs';
import type { TransportEvents } from '../../../src/core/Transport.ts';
import type { HandshakeError } from '../../../src/core/HandshakeError.ts';
import type { Dialed, DialRequest } from '../../../src/transports/Dial.ts';
import { dialWs } from '../../../src/transports/ws/dialWs.ts';
import { nodeClock } from '../../../src/transports/ws/nodeClock.ts';
import { pass } from '../../core/passing.ts';
import { leavesNothing } from '../../client/leavesNothing.ts';
import {
  answer,
  certificate,
  closeFrame,
  rawServer,
  rawTlsServer,
  switching,
  textFrame,
} from '../../client/rawServer.ts';

const requestTo = (url: string, more: Partial<DialRequest> = {}): DialRequest => ({
  url: new URL(url),
  where: url,
  protocols: [],
  headers: {},
  tls: undefined,
  perMessageDeflate: true,
  handshakeTimeoutMs: 10_000,
  maxMessageBytes: 1_048_576,
  scheduler: undefined,
  ...more,
});
const dialed = (url: string, more?: Partial<DialRequest>): Promise<Dialed> =>
  firstValueFrom(dialWs(requestTo(url, more)));
const refused = (url: string, more?: Partial<DialRequest>): Promise<HandshakeError> =>
  dialed(url, more).then(
    () => Promise.reject(new Error('it was opened')),
    (error: HandshakeError) => error,
  );

function deferred(): { promise: Promise<void>; done: () => void } {
  let done!: () => void;
  const promise = new Promise<void>((resolve) => (done = resolve));
  return { promise, done };
}

/** Enough for some bytes to come. */
async function turns(): Promise<void> {
  for (let i = 0; i < 50; i++) await turn();
}

/** The error of a dial whose time runs out after `reached`; a millisecond before, it still waits. */
async function late(url: string, timeoutMs: number, reached: Promise<unknown>): Promise<HandshakeError> {
  const scheduler = new VirtualTimeScheduler();
  const settled = jest.fn();
  const error = refused(url, { handshakeTimeoutMs: timeoutMs, scheduler }).finally(settled);
  await reached;
  pass(scheduler, timeoutMs - 1);
  await turn();
  expect(settled).not.toHaveBeenCalled();
  pass(scheduler, 1);
  return error.finally(() => expect(scheduler.actions).toEqual([]));
}

/** Writes one byte in each turn for as long as anybody is there. */
function dribble(socket: Socket, text: string): void {
  let at = 0;
  const write = (): void => {
    if (!socket.writable) return;
    socket.write(text[at++ % text.length]!);
    setImmediate(write);
  };
  write();
}

describe('dialWs', () => {
  describe('an accepted request', () => {
    it('gives an open transport and the answer', async () => {
      await using server = await rawServer((socket, head) =>
        socket.write(switching(head, 'Set-Cookie: a=1', 'Set-Cookie: b=2')),
      );
      const { transport, headers, remoteAddress } = await dialed(server.url);
      expect(transport).toMatchObject({ side: 'client', protocol: '', bufferedBytes: 0 });
      expect(headers).toMatchObject({ upgrade: 'websocket', 'set-cookie': 'a=1, b=2' });
      expect(remoteAddress).toMatch(/127\.0\.0\.1|::1/);
    });

    it('sends path, headers, subprotocols and compression', async () => {
      let seen = '';
      await using server = await rawServer((socket, head) => {
        seen = head;
        socket.write(switching(head, 'Sec-WebSocket-Protocol: b'));
      });
      const { transport } = await dialed(`${server.url}?room=1`, {
        protocols: ['a', 'b'],
        headers: { authorization: 'Bearer t', origin: 'http://here.test' },
      });
      expect(transport.protocol).toBe('b');
      expect(seen).toMatch(/^GET \/chat\?room=1 HTTP\/1\.1\r\n/);
      expect(seen).toContain('authorization: Bearer t\r\n');
      expect(seen).toContain('origin: http://here.test\r\n');
      expect(seen).toContain('Sec-WebSocket-Protocol: a,b\r\n');
      expect(seen).toContain('Sec-WebSocket-Extensions: permessage-deflate');
    });

    it('offers no compression where there shall be none', async () => {
      let seen = '';
      await using server = await rawServer((socket, head) => {
        seen = head;
        socket.write(switching(head));
      });
      await dialed(server.url, { perMessageDeflate: false });
      expect(seen).not.toMatch(/extensions/i);
    });

    it('is emitted before the frames that came with the answer', async () => {
      await using server = await rawServer((socket, head) =>
        socket.write(switching(head) + textFrame('a') + textFrame('b') + closeFrame, 'latin1'),
      );
      const seen: string[] = [];
      await new Promise<void>((done) => {
        dialWs(requestTo(server.url)).subscribe(({ transport }) => {
          const tell = (name: string) => () => seen.push(name);
          const events: TransportEvents = {
            message: (data) => seen.push(data as string),
            ping: tell('ping'),
            pong: tell('pong'),
            drained: () => {},
            answering: tell('answering'),
            roundTrip: () => {},
            exceeded: () => {},
            closing: () => {},
            ended: ({ code }) => {
              seen.push(`ended ${code}`);
              done();
            },
          };
          transport.open(events);
          seen.push('open');
        });
      });
      expect(seen).toEqual(['open', 'a', 'b', 'ended 1000']);
    });
  });

  it('gives the transport the time that it is given', async () => {
    await using server = await rawServer((socket, head) => socket.write(switching(head)));
    const scheduler = new VirtualTimeScheduler();
    const { transport } = await dialed(server.url, { scheduler });
    pass(scheduler, 7);
    expect(transport.clock.now()).toBe(7);
    expect((await dialed(server.url)).transport.clock).toBe(nodeClock);
  });

  describe('over a socket that it is given', () => {
    it.each(['ws', 'wss'])('connects to %s, and opens none', async (scheme) => {
      const opened = jest.spyOn(net.Socket.prototype, 'connect');
      const [client, server] = duplexPair();
      server.on('data', (head: Buffer) => server.write(switching(head.toString('latin1'))));
      const request = requestTo(`${scheme}://nobody.invalid/chat`);
      const { transport, remoteAddress } = await firstValueFrom(dialWs(request, () => client));
      expect([transport.side, remoteAddress]).toEqual(['client', '']);
      expect(opened).not.toHaveBeenCalled();
      transport.terminate();
    });

    it('errors where it fails, and ends it on unsubscribe', async () => {
      const [client, server] = duplexPair();
      const request = requestTo('ws://nobody.invalid/chat');
      const error = firstValueFrom(dialWs(request, () => client)).catch((failure: unknown) => failure);
      client.destroy(new Error('cut'));
      expect(await error).toMatchObject({ code: 'HANDSHAKE', cause: { message: 'cut' } });
      server.destroy();
      const [other] = duplexPair();
      dialWs(request, () => other)
        .subscribe()
        .unsubscribe();
      await turn();
      expect(other.destroyed).toBe(true);
    });
  });

  it('leaves it to the connection how long a close takes', async () => {
    await using server = await rawServer((socket, head) => socket.write(switching(head)));
    const { transport } = await dialed(server.url);
    const ended = new Promise<number>((resolve) => {
      const none = (): void => {};
      transport.open({
        message: none,
        ping: none,
        pong: none,
        drained: none,
        answering: none,
        roundTrip: () => {},
        exceeded: () => {},
        closing: none,
        ended: ({ code }) => resolve(code),
      });
    });
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
    try {
      transport.close(1000, '');
      jest.advanceTimersByTime(1_000_000);
    } finally {
      jest.useRealTimers();
    }
    (await server.connected).end(closeFrame, 'latin1');
    expect(await ended).toBe(1000);
  });

  describe('over TLS', () => {
    it('connects to whom `tls` trusts', async () => {
      await using server = await rawTlsServer((socket, head) => socket.write(switching(head)));
      const { remoteAddress } = await dialed(server.url, { tls: { ca: certificate } });
      expect(remoteAddress).toBe('127.0.0.1');
    });

    it('refuses a certificate that nobody trusts', async () => {
      await using server = await rawTlsServer();
      const error = await refused(server.url);
      expect(error).toMatchObject({ code: 'HANDSHAKE', status: undefined });
      expect(error.cause).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
      await server.gone();
    });

    it('says what Node says of options that it cannot use', async () => {
      await using server = await rawTlsServer();
      const error = await refused(server.url, { tls: { minVersion: 'TLSv9' as 'TLSv1.3' } });
      expect(error.cause).toMatchObject({ code: 'ERR_TLS_INVALID_PROTOCOL_VERSION' });
      expect(server.sockets).toEqual([]);
    });

    it('has the whole deadline for a server that says nothing', async () => {
      await using server = await rawServer();
      const error = await late(server.url.replace('ws:', 'wss:'), 50, server.connected);
      expect(error.message).toContain('not open within 50 ms');
      await server.gone();
    });
  });

  describe('a refusal', () => {
    it('401: status, headers and body; the socket is ended', async () => {
      await using server = await rawServer((socket) =>
        socket.write(
          `${answer('401 Unauthorized', 'WWW-Authenticate: Bearer', 'Content-Length: 8')}log in!\n`,
        ),
      );
      const error = await refused(server.url);
      expect(error).toMatchObject({
        name: 'HandshakeError',
        code: 'HANDSHAKE',
        status: 401,
        body: 'log in!\n',
        message: `could not connect to ${server.url}: the server answered 401 Unauthorized`,
      });
      expect(error.headers).toMatchObject({ 'www-authenticate': 'Bearer' });
      await server.gone();
    });

    it('200 with a body that never ends: its first 4 KiB', async () => {
      await using server = await rawServer((socket) =>
        socket.write(`${answer('200 OK')}${'<html>'.repeat(10_000)}`),
      );
      const error = await refused(server.url);
      expect(error.status).toBe(200);
      expect(error.body).toBe('<html>'.repeat(683).slice(0, 4_096));
      await server.gone();
    });

    it('301: is not followed, and says where to', async () => {
      await using server = await rawServer((socket) =>
        socket.end(answer('301 Moved Permanently', 'Location: wss://new.test/', 'Content-Length: 0')),
      );
      const error = await refused(server.url);
      expect(error).toMatchObject({ status: 301, body: '' });
      expect(error.message).toContain(
        '301 Moved Permanently; redirects are not followed, connect to wss://new.test/',
      );
      expect(server.sockets).toHaveLength(1);
      await server.gone();
    });

    it('a body that breaks off: what there was of it', async () => {
      await using server = await rawServer((socket) => {
        socket.end(`${answer('503 Busy', 'Content-Length: 100')}later`);
      });
      expect(await refused(server.url)).toMatchObject({ status: 503, body: 'later' });
      await server.gone();
    });

    it('a body that stalls: the deadline ends it, with what there was', async () => {
      const { done, promise } = deferred();
      await using server = await rawServer((socket) => socket.write(`${answer('401 No')}wait`, done));
      const error = await late(server.url, 300, promise.then(turns));
      expect(error).toMatchObject({ status: 401, body: 'wait' });
      expect(error.message).toContain('not open within 300 ms');
      await server.gone();
    });

    it.each<[string, (head: string) => string, string]>([
      [
        'a wrong Sec-WebSocket-Accept',
        (head) => switching(head).replace(/Accept: .*/, 'Accept: bm90IGl0'),
        'Invalid Sec-WebSocket-Accept header',
      ],
      ['no Upgrade header', () => answer('101 Sure'), 'the server answered 101 Sure'],
      [
        'a subprotocol nobody asked for',
        (head) => switching(head, 'Sec-WebSocket-Protocol: other'),
        'Server sent a subprotocol but none was requested',
      ],
      [
        'an extension nobody asked for',
        (head) => switching(head, 'Sec-WebSocket-Extensions: x-none'),
        'Server indicated an extension that was not requested',
      ],
    ])('101 with %s', async (_name, reply, what) => {
      await using server = await rawServer((socket, head) => socket.write(reply(head)));
      const error = await refused(server.url);
      expect(error).toMatchObject({ code: 'HANDSHAKE', status: 101 });
      expect(error.message).toContain(what);
      await server.gone();
    });

    it.each([
      ['garbage', 'SSH-2.0-OpenSSH_9.7\r\n\r\n'],
      ['a head that never ends', answer('101 Switching Protocols', `x: ${'x'.repeat(20_000)}`)],
    ])('%s', async (_name, reply) => {
      await using server = await rawServer((socket) => socket.write(reply));
      const error = await refused(server.url);
      expect(error).toMatchObject({ code: 'HANDSHAKE', status: undefined, headers: {}, body: '' });
      expect((error.cause as NodeJS.ErrnoException).code).toMatch(/^HPE_/);
      await server.gone();
    });

    it('no answer but the end', async () => {
      await using server = await rawServer((socket) => socket.end());
      const error = await refused(server.url);
      expect(error.cause).toMatchObject({ code: 'ECONNRESET' });
    });

    it('a server that is not there', async () => {
      const { url } = await rawServer().then(async (server) => {
        await server[Symbol.asyncDispose]();
        return server;
      });
      const error = await refused(url);
      expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
      expect(error.message).toContain('ECONNREFUSED');
    });

    it('a name that is not there', async () => {
      const error = await refused('ws://nobody.invalid/');
      expect(error).toMatchObject({ code: 'HANDSHAKE', status: undefined });
      expect((error.cause as NodeJS.ErrnoException).code).toMatch(/ENOTFOUND|EAI_AGAIN/);
    });
  });

  describe('the deadline', () => {
    it.each<[string, (socket: Socket) => void]>([
      ['says nothing', () => {}],
      [
        'sends its head byte by byte',
        (socket) => dribble(socket, 'HTTP/1.1 101 Switching Protocols\r\nx: y'),
      ],
      ['sends one interim answer after the other', (socket) => dribble(socket, answer('102 Processing'))],
    ])('ends a server that %s', async (_name, reply) => {
      const { done, promise } = deferred();
      await using server = await rawServer((socket) => {
        reply(socket);
        done();
      });
      const error = await late(server.url, 60, promise.then(turns));
      expect(error).toMatchObject({ code: 'HANDSHAKE', status: undefined });
      expect(error.message).toBe(`could not connect to ${server.url}: not open within 60 ms`);
      await server.gone();
    });

    it('is over once open: nothing happens later', async () => {
      await using server = await rawServer((socket, head) => socket.write(switching(head)));
      const scheduler = new VirtualTimeScheduler();
      const next = jest.fn();
      const error = jest.fn();
      await new Promise<void>((complete) => {
        dialWs(requestTo(server.url, { scheduler })).subscribe({ next, error, complete });
      });
      expect(scheduler.actions).toEqual([]);
      pass(scheduler, 10_000);
      await turn();
      expect(next).toHaveBeenCalledTimes(1);
      expect(error).not.toHaveBeenCalled();
      expect(server.sockets[0]!.destroyed).toBe(false);
    });
  });

  describe('an argument that cannot be sent', () => {
    it.each<[string, Partial<DialRequest>]>([
      ['a header value with CR LF', { headers: { 'x-a': 'b\r\nx-c: d' } }],
      ['a header value with a control character', { headers: { 'x-a': '\u0000' } }],
      ['a header value beyond Latin 1', { headers: { 'x-a': '√' } }],
      ['a header name with a space', { headers: { 'x a': 'b' } }],
      ['an empty header name', { headers: { '': 'b' } }],
      ['a subprotocol with a comma', { protocols: ['a,b'] }],
      ['a subprotocol with CR LF', { protocols: ['a\r\nx: y'] }],
      ['an empty subprotocol', { protocols: [''] }],
      ['a subprotocol twice', { protocols: ['a', 'a'] }],
    ])('%s', async (_name, more) => {
      await using server = await rawServer();
      await expect(dialed(server.url, more)).rejects.toMatchObject({
        name: 'InvalidArgumentError',
        code: 'INVALID_ARGUMENT',
      });
      // Whoever comes next is the first one.
      await late(server.url, 300, server.connected);
      expect(server.sockets).toHaveLength(1);
    });
  });

  describe('on unsubscribe', () => {
    const observer = (): jest.Mocked<Observer<Dialed>> => ({
      next: jest.fn(),
      error: jest.fn(),
      complete: jest.fn(),
    });
    const expectNothing = ({ next, error, complete }: jest.Mocked<Observer<Dialed>>): void => {
      for (const told of [next, error, complete]) expect(told).not.toHaveBeenCalled();
    };

    it.each<[string, (socket: Socket, head: string) => void]>([
      ['before the answer', () => {}],
      ['in the middle of the answer', (socket) => socket.write('HTTP/1.1 101 Swit')],
      [
        'in the middle of a refusal',
        (socket) => socket.write(`${answer('401 No', 'Content-Length: 9')}half`),
      ],
    ])('%s the socket is ended', async (_name, reply) => {
      const told = observer();
      let asked = (): void => {};
      const request = new Promise<void>((done) => (asked = done));
      await using server = await rawServer((socket, head) => {
        reply(socket, head);
        asked();
      });
      const subscription = dialWs(requestTo(server.url)).subscribe(told);
      await request;
      await new Promise((turn) => setImmediate(turn));
      subscription.unsubscribe();
      await server.gone();
      expectNothing(told);
    });

    it('in the middle of the TLS handshake', async () => {
      const told = observer();
      await using server = await rawServer();
      const subscription = dialWs(requestTo(server.url.replace('ws:', 'wss:'))).subscribe(told);
      await server.connected;
      subscription.unsubscribe();
      await server.gone();
      expectNothing(told);
    });

    it('at once', async () => {
      const told = observer();
      await leavesNothing(async () => {
        dialWs(requestTo('ws://localhost:9/')).subscribe(told).unsubscribe();
        await new Promise((turn) => setImmediate(turn));
      });
      expectNothing(told);
    });

    it('after the emission nothing happens: it has another owner', async () => {
      await using server = await rawServer((socket, head) => socket.write(switching(head)));
      const { transport } = await dialed(server.url);
      const socket = await server.connected;
      const ended = new Promise((done) => socket.on('close', done));
      expect(socket.destroyed).toBe(false);
      transport.terminate();
      await ended;
    });
  });
});
