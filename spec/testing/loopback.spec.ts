import { Buffer } from 'node:buffer';
import { Server, Socket } from 'node:net';
import { describe, expect, it, jest } from '@jest/globals';
import {
  firstValueFrom,
  ignoreElements,
  lastValueFrom,
  map,
  merge,
  of,
  Subject,
  switchMap,
  take,
  tap,
  throwError,
  toArray,
} from 'rxjs';
import type { ConnectConfig } from '../../src/client/ConnectConfig.ts';
import { json } from '../../src/codecs/json.ts';
import type { Connection } from '../../src/connection/Connection.ts';
import { handle } from '../../src/server/handle.ts';
import { listen } from '../../src/server/listen.ts';
import { reject } from '../../src/server/reject.ts';
import { loopback } from '../../src/testing/loopback.ts';
import { startingLoopbacks } from './starting.ts';

const start = startingLoopbacks();
const shout = handle(({ text }: Connection) => text.pipe(map((line) => line.toUpperCase())));

describe('loopback', () => {
  it('is a conversation, over real handshakes and frames', async () => {
    await using net = loopback(listen({ port: 8080 }).pipe(shout));
    const connection = await net.dial('/chat?room=1');
    connection.send('hello');
    expect(await firstValueFrom(connection.text)).toBe('HELLO');
    expect(connection.handshake).toMatchObject({
      path: '/chat',
      headers: { upgrade: 'websocket' },
      remoteAddress: '127.0.0.1',
    });
    expect(connection.handshake.url.href).toBe('ws://localhost:8080/chat?room=1');
  });

  it('opens no port', async () => {
    const opened = [jest.spyOn(Server.prototype, 'listen'), jest.spyOn(Socket.prototype, 'connect')];
    const net = start(listen({ port: 80 }).pipe(shout));
    await net.dial('/');
    expect(opened.map(({ mock }) => mock.calls)).toEqual([[], []]);
  });

  it('shows the server the request, and both ends what was decided', async () => {
    const asked: unknown[] = [];
    const server = listen({
      protocols: ['b'],
      codec: json<string>(),
      shouldUpgrade: ({ url, headers, query, remoteAddress, raw }) => {
        asked.push(url.href, headers['x-name'], query.get('room'), remoteAddress, raw.method);
        return { context: { name: headers['x-name'] }, headers: { 'x-a': 'b' } };
      },
    });
    const net = start(
      server.pipe(
        handle(({ context, messages }) => messages.pipe(map((message) => `${context.name}: ${message}`))),
      ),
    );
    const connection = await net.dial<string, string>({
      url: '/chat?room=7',
      codec: json(),
      protocols: ['a', 'b'],
      headers: { 'x-name': 'Ada' },
    });
    expect(asked).toEqual(['ws://localhost:49152/chat?room=7', 'Ada', '7', '127.0.0.1', 'GET']);
    expect([connection.protocol, connection.handshake.headers['x-a']]).toEqual(['b', 'b']);
    connection.send('hi');
    expect(await firstValueFrom(connection.messages)).toBe('Ada: hi');
  });

  it('loses no frame that comes with the handshake, in either direction', async () => {
    const received = new Subject<string>();
    const answer = handle(({ text }: Connection) =>
      merge(of('first', 'second'), text.pipe(tap(received), ignoreElements())),
    );
    const net = start(listen({}).pipe(answer));
    const got = firstValueFrom(received.pipe(take(2), toArray()));
    const lines = net.connect('/').pipe(
      tap(({ send }) => ['a', 'b'].forEach(send)),
      switchMap(({ text }) => text),
      take(2),
      toArray(),
    );
    expect(await lastValueFrom(lines)).toEqual(['first', 'second']);
    expect(await got).toEqual(['a', 'b']);
  });

  it('sends bytes, parts and pings, and compresses', async () => {
    const net = start(
      listen({ perMessageDeflate: { threshold: 0 } }).pipe(handle(({ messages }) => messages)),
    );
    const connection = await net.dial('/');
    connection.send(Uint8Array.of(1, 2));
    expect(await firstValueFrom(connection.binary)).toEqual(Buffer.from([1, 2]));
    connection.sendFragments(['x'.repeat(50_000), 'y']).subscribe();
    expect(await firstValueFrom(connection.text)).toBe(`${'x'.repeat(50_000)}y`);
    expect(await firstValueFrom(connection.ping())).toBeGreaterThanOrEqual(0);
    expect(connection.handshake.headers['sec-websocket-extensions']).toContain('permessage-deflate');
  });

  it('does not share memory between the ends', async () => {
    const net = start(listen({}).pipe(handle(({ binary }) => binary)));
    const connection = await net.dial('/');
    const mine = Buffer.alloc(100_000, 1);
    connection.send(mine);
    const got = await firstValueFrom(connection.binary);
    mine.fill(2);
    expect(got[0]).toBe(1);
  });

  describe('connect', () => {
    const obeying = tap(({ text, close }: Connection) =>
      text.subscribe((code) => close(Number(code), 'bye')),
    );

    it('completes or errors with the end, as it does in `rxjs-ws`', async () => {
      const net = start(listen({}).pipe(obeying));
      const ended = (code: string): Promise<Connection> =>
        lastValueFrom(net.connect('/').pipe(tap(({ send }) => send(code))));
      await expect(ended('1000')).resolves.toMatchObject({ state: 'closed' });
      await expect(ended('4001')).rejects.toMatchObject({
        code: 'CONNECTION_CLOSED',
        close: { code: 4001, reason: 'bye', by: 'peer', wasClean: true },
      });
    });

    it('closes with 1000 on unsubscribe, and connects anew for each subscription', async () => {
      const net = start(listen({}).pipe(handle(({ messages }) => messages)));
      const source = net.connect('/');
      const ends = firstValueFrom(net.server.pipe(take(2), toArray()));
      expect((await firstValueFrom(source)).state).not.toBe('open');
      expect((await firstValueFrom(source)).state).not.toBe('open');
      expect((await ends).map(({ close }) => close.code)).toEqual([1000, 1000]);
    });

    it('can be injected where `connect` of `rxjs-ws` is used', async () => {
      const { connect } = start(listen({}).pipe(shout));
      const ask = (line: string, open: typeof connect) =>
        open('/').pipe(
          tap(({ send }) => send(line)),
          switchMap(({ text }) => text),
          take(1),
        );
      expect(await lastValueFrom(ask('a', connect))).toBe('A');
    });
  });

  describe('takes', () => {
    it.each<[string, Parameters<ReturnType<typeof start>['connect']>[0], string]>([
      ['a path', '/a?b', 'ws://localhost:8080/a?b'],
      ['a relative path', 'a', 'ws://localhost:8080/a'],
      ['nothing but a query', '?b', 'ws://localhost:8080/?b'],
      ['a URL', new URL('ws://localhost:8080/a'), 'ws://localhost:8080/a'],
      ['a URL as text', 'http://localhost:8080/a', 'ws://localhost:8080/a'],
      ['a URL of any host', 'ws://user:secret@api.example.com:8080/a', 'ws://api.example.com:8080/a'],
      ['a config', { url: '/a' }, 'ws://localhost:8080/a'],
      ['a function', () => '/a', 'ws://localhost:8080/a'],
      ['an async function', () => Promise.resolve({ url: '/a' }), 'ws://localhost:8080/a'],
      ['an Observable', () => of('/a', '/b'), 'ws://localhost:8080/a'],
    ])('%s', async (_name, dialable, href) => {
      const net = start(listen({ port: 8080 }).pipe(shout));
      expect((await net.dial(dialable)).handshake.url.href).toBe(href);
      expect((await firstValueFrom(net.connect(dialable))).handshake.url.href).toBe(href);
    });
  });

  describe('errors as `dial` does', () => {
    const refusing = listen({
      shouldUpgrade: ({ path }) => {
        if (path === '/throws') throw new Error('secret');
        return path === '/busy'
          ? reject(503, { body: 'later', headers: { 'retry-after': '9' } })
          : path === '/';
      },
      onError: () => {},
    }).pipe(shout);
    const aborted = AbortSignal.abort(new Error('changed my mind'));

    it.each<[string, string | ConnectConfig<never, never>, object]>([
      ['a refusal', '/forbidden', { code: 'HANDSHAKE', status: 403, body: 'Forbidden' }],
      ['a refusal with an answer', '/busy', { status: 503, body: 'later', headers: { 'retry-after': '9' } }],
      ['a decision that throws', '/throws', { status: 500, body: 'Internal Server Error' }],
      ['a foreign origin', { url: '/', headers: { origin: 'http://evil.example' } }, { status: 403 }],
      ['a fragment', '/a#b', { code: 'INVALID_ARGUMENT' }],
      ['a scheme', 'ftp://localhost/', { code: 'INVALID_ARGUMENT' }],
      ['no URL at all', 'ws://', { code: 'INVALID_ARGUMENT' }],
      ['a header', { url: '/', headers: { a: '\r\n' } }, { code: 'INVALID_ARGUMENT' }],
      ['a subprotocol', { url: '/', protocols: ['a b'] }, { code: 'INVALID_ARGUMENT' }],
      ['an aborted signal', { url: '/', signal: aborted }, { message: 'changed my mind' }],
    ])('for %s', async (_name, target, error) => {
      const net = start(refusing);
      await expect(net.dial(target)).rejects.toMatchObject(error);
      await expect(lastValueFrom(net.connect(target))).rejects.toMatchObject(error);
      expect((await net.dial('/')).state).toBe('open');
    });

    it('for a function that throws, errors or gives nothing', async () => {
      const net = start(refusing);
      const error = new Error('no token');
      await expect(net.dial(() => throwError(() => error))).rejects.toBe(error);
      await expect(net.dial(() => [])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    });
  });

  describe('server', () => {
    it('emits what the server emits, also to who comes late, and completes with it', async () => {
      const net = start(listen({}).pipe(shout, take(2)));
      (await net.dial('/')).close(4000);
      (await net.dial('/')).close(4001);
      const all = await lastValueFrom(net.server.pipe(toArray()));
      expect(all.map(({ close }) => [close.code, close.by])).toEqual([
        [4000, 'peer'],
        [4001, 'peer'],
      ]);
      expect(await lastValueFrom(net.server.pipe(toArray()))).toEqual(all);
    });

    it('errors with it, also for who comes late', async () => {
      const error = new Error('no database');
      const net = start(throwError(() => error));
      await expect(lastValueFrom(net.server)).rejects.toBe(error);
      await expect(lastValueFrom(net.server)).rejects.toBe(error);
    });
  });
});
