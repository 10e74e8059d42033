import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { NEVER, type Observable, Subject, type Subscription } from 'rxjs';
import type { ListenError } from '../../src/core/ListenError.ts';
import { type OwnServerConfig, ownServer } from '../../src/server/ownServer.ts';
import { RawClient, upgradeRequest } from './rawClient.ts';

const tls = { key: readFileSync('spec/fixtures/server.key'), cert: readFileSync('spec/fixtures/server.crt') };

interface Own extends Disposable {
  readonly server: Server;
  readonly port: number;
  readonly subscription: Subscription;
  readonly over: Promise<unknown>;
}

function own(config: OwnServerConfig = {}, closing: Observable<unknown> = NEVER): Promise<Own> {
  return new Promise((resolve, reject) => {
    let over!: (error?: unknown) => void;
    const ended = new Promise((done) => (over = done));
    const subscription: Subscription = ownServer({ host: '127.0.0.1', ...config }, closing).subscribe({
      next: (server) => {
        expect(server.listening).toBe(false);
        server.on('listening', () => {
          const { port } = server.address() as AddressInfo;
          resolve({
            server,
            port,
            subscription,
            over: ended,
            [Symbol.dispose]: () => subscription.unsubscribe(),
          });
        });
      },
      error: (error: unknown) => {
        over(error);
        reject(error as Error);
      },
      complete: () => over(),
    });
  });
}

/** Whether anybody listens there. */
const isOpen = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => done(true)).on('error', () => done(false));
    socket.unref();
  });

describe('ownServer', () => {
  it('listens while it is subscribed', async () => {
    const { port, subscription, server } = await own();
    expect(await isOpen(port)).toBe(true);
    const closed = new Promise((done) => server.on('close', done));
    subscription.unsubscribe();
    await closed;
    expect(await isOpen(port)).toBe(false);
  });

  it('asks ordinary requests to upgrade', async () => {
    using server = await own();
    const answer = await RawClient.to(
      server.port,
      'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc',
    ).refusal();
    expect(answer).toMatchObject({
      status: 426,
      headers: { upgrade: 'websocket', connection: 'close, Upgrade' },
    });
  });

  it('errors where the port is in use, and closes nothing of the other’s', async () => {
    using first = await own();
    const error: ListenError = await own({ port: first.port }).then(
      () => Promise.reject(new Error('it listens')),
      (reason: ListenError) => reason,
    );
    expect(error).toMatchObject({
      name: 'ListenError',
      code: 'LISTEN',
      message: expect.stringContaining(`127.0.0.1:${first.port}`),
      cause: { code: 'EADDRINUSE' },
    });
    expect(await isOpen(first.port)).toBe(true);
  });

  it.each<[string, OwnServerConfig, string]>([
    ['a port that is none', { port: 70_000 }, 'ERR_SOCKET_BAD_PORT'],
    ['a host that is none', { host: 'name.invalid' }, 'E'],
    ['a key that is none', { tls: { key: 'no key', cert: 'no certificate' } }, 'ERR_OSSL'],
  ])('errors for %s', async (_, config, code) => {
    await expect(own(config)).rejects.toMatchObject({
      code: 'LISTEN',
      cause: { code: expect.stringContaining(code) },
    });
  });

  it('completes when it has closed, once it is asked to', async () => {
    const closing = new Subject<void>();
    const { port, over } = await own({}, closing);
    closing.next();
    expect(await over).toBeUndefined();
    expect(await isOpen(port)).toBe(false);
    expect(closing.observed).toBe(false);
  });

  it('closes though it was asked to before it listened', async () => {
    const closing = new Subject<void>();
    // The name is looked up first.
    const over = new Promise<void>((complete, error) => {
      ownServer({ host: 'localhost' }, closing).subscribe({ complete, error });
    });
    closing.next();
    await over;
  });

  it('closes though it was unsubscribed before it listened', async () => {
    const closed = new Promise<void>((done) => {
      const subscription = ownServer({ host: 'localhost' }, NEVER).subscribe((server) =>
        server.on('close', () => done()),
      );
      subscription.unsubscribe();
    });
    await closed;
  });

  describe('with a time limit for requests', () => {
    const handshakeTimeoutMs = 400;
    const elapsed = async (client: RawClient): Promise<[ms: number, text: string]> => {
      const began = performance.now();
      const text = (await client.closed).toString();
      return [performance.now() - began, text.slice(9, 12)];
    };
    /** Sends one byte at a time, for as long as it is listened to. */
    const dribble = (client: RawClient, text: string): RawClient => {
      let at = 0;
      const timer = setInterval(() => client.socket.write(text[at++] ?? 'x'), 10);
      void client.closed.then(() => clearInterval(timer));
      return client;
    };

    it('ends silent, half and slow ones by the clock', async () => {
      using server = await own({ handshakeTimeoutMs });
      const ends = await Promise.all([
        elapsed(RawClient.to(server.port)),
        elapsed(RawClient.to(server.port, upgradeRequest().slice(0, 40))),
        elapsed(dribble(RawClient.to(server.port), `${upgradeRequest().slice(0, -2)}X-A: `)),
        elapsed(RawClient.to(server.port, 'GET / HTTP/1.1\r\nHost: a\r\n')),
      ]);
      for (const [ms, status] of ends) {
        expect(status).toBe('408');
        expect(ms).toBeGreaterThan(handshakeTimeoutMs - 50);
        expect(ms).toBeLessThan(4_000);
      }
    });

    it('ends what is slow in its TLS handshake, and after it', async () => {
      using server = await own({ handshakeTimeoutMs, tls });
      const [silent, half, slow] = await Promise.all([
        elapsed(RawClient.to(server.port)),
        elapsed(RawClient.toTls(server.port, upgradeRequest().slice(0, 40))),
        elapsed(dribble(RawClient.toTls(server.port), `${upgradeRequest().slice(0, -2)}X-A: `)),
      ]);
      for (const [ms] of [silent, half, slow]) expect(ms).toBeLessThan(4_000);
      expect([silent[1], half[1], slow[1]]).toEqual(['', '408', '408']);
    });

    it('has none where it is Infinity', async () => {
      using server = await own({ handshakeTimeoutMs: Infinity });
      expect([server.server.headersTimeout, server.server.requestTimeout]).toEqual([0, 0]);
    });
  });

  it('ends half requests and idle sockets when it closes', async () => {
    const { port, subscription } = await own();
    const clients = ['', 'GET / HTTP/1.1\r\n'].map((bytes) => RawClient.to(port, bytes));
    await Promise.all(clients.map((client) => client.connected()));
    // Answered last: the others are known to the server.
    await RawClient.to(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n').closed;
    subscription.unsubscribe();
    await Promise.all(clients.map((client) => client.closed));
  });
});
