import { get, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NEVER, ReplaySubject, Subject, take } from 'rxjs';
import { PendingUpgrade } from '../../src/server/PendingUpgrade.ts';
import type { Upgrade } from '../../src/server/Upgrade.ts';
import { upgrades, upgradesUntil } from '../../src/server/upgrades.ts';
import { type Borrowed, httpServer } from './httpServer.ts';
import { RawClient, upgradeRequest } from './rawClient.ts';

let borrowed: Borrowed;
let server: Server;
beforeEach(async () => {
  borrowed = await httpServer();
  ({ server } = borrowed);
});
afterEach(() => borrowed[Symbol.asyncDispose]());

const client = (path: string): RawClient => RawClient.to(borrowed.port, upgradeRequest(path));
const refuse = (status: number) => (upgrade: Upgrade) =>
  PendingUpgrade.take(upgrade, () => {})!.refuse({ status });

describe('upgrades', () => {
  it('is cold: it listens while it is subscribed', async () => {
    const source = upgrades(server);
    expect(server.listenerCount('upgrade')).toBe(0);
    const subscription = source.subscribe(refuse(418));
    expect(server.listenerCount('upgrade')).toBe(1);
    expect((await client('/').refusal()).status).toBe(418);
    subscription.unsubscribe();
    expect(server.listenerCount('upgrade')).toBe(0);
  });

  it('serves many paths of one server, beside ordinary requests', async () => {
    const subscriptions = [
      upgrades(server, { path: '/a' }).subscribe(refuse(410)),
      upgrades(server, { path: '/b' }).subscribe(refuse(411)),
    ];
    const statuses = await Promise.all(
      ['/a', '/b', '/c'].map(async (path) => (await client(path).refusal()).status),
    );
    expect(statuses).toEqual([410, 411, 404]);
    const ordinary = await new Promise((done) =>
      get(`http://127.0.0.1:${borrowed.port}/a`, (response) => done(response.statusCode)),
    );
    expect(ordinary).toBe(200);
    for (const subscription of subscriptions) subscription.unsubscribe();
  });

  it('serves an HTTPS server', async () => {
    const https = createHttpsServer({
      key: readFileSync('spec/fixtures/server.key'),
      cert: readFileSync('spec/fixtures/server.crt'),
    });
    await once(https.listen(0, '127.0.0.1'), 'listening');
    const seen: string[] = [];
    upgrades(https).subscribe((upgrade) => {
      seen.push(upgrade.url.href, upgrade.remoteAddress);
      refuse(418)(upgrade);
    });
    expect(
      (await RawClient.toTls((https.address() as AddressInfo).port, upgradeRequest('/a')).refusal()).status,
    ).toBe(418);
    expect(seen).toEqual(['wss://localhost/a', '127.0.0.1']);
    await new Promise((done) => https.close(done));
  });

  it('completes when the server has closed', async () => {
    const other = await httpServer();
    const completed = new Promise<void>((complete) => upgrades(other.server).subscribe({ complete }));
    await other[Symbol.asyncDispose]();
    await completed;
    expect(other.server.listenerCount('upgrade')).toBe(0);
  });

  it('refuses what is undecided when it is unsubscribed', async () => {
    const arrived = new ReplaySubject<Upgrade>(1);
    const subscription = upgrades(server).subscribe(arrived);
    const answer = client('/').refusal();
    await new Promise((done) => arrived.pipe(take(1)).subscribe(done));
    subscription.unsubscribe();
    expect((await answer).status).toBe(503);
  });

  it('leaves what is being decided to who decides it', async () => {
    const taken = new Promise<PendingUpgrade>((done) => {
      upgrades(server)
        .pipe(take(1))
        .subscribe((upgrade) => done(PendingUpgrade.take(upgrade, () => {})!));
    });
    const answer = client('/').refusal();
    const pending = await taken;
    expect(server.listenerCount('upgrade')).toBe(0);
    pending.refuse({ status: 418 });
    expect((await answer).status).toBe(418);
  });

  it('refuses what is not a handshake, from a foreign page, or reset, and goes on', async () => {
    const subscription = upgrades(server).subscribe(refuse(418));
    const bad = [
      { Origin: 'https://evil.example' },
      { 'Sec-WebSocket-Version': '7' },
      { 'Sec-WebSocket-Key': 'x' },
    ].map((fields) => RawClient.to(borrowed.port, upgradeRequest('/', fields)).refusal());
    expect((await Promise.all(bad)).map(({ status }) => status)).toEqual([403, 426, 400]);
    const gone = client('/');
    await gone.connected();
    gone.reset();
    await gone.closed;
    expect((await client('/').refusal()).status).toBe(418);
    subscription.unsubscribe();
  });
});

describe('upgradesUntil', () => {
  it('refuses everything from the first value on', async () => {
    const full = new Subject<void>();
    const arrived = new ReplaySubject<Upgrade>(1);
    const subscription = upgradesUntil(server, {}, full).subscribe(arrived);
    const waiting = client('/').refusal();
    await new Promise((done) => arrived.pipe(take(1)).subscribe(done));
    full.next();
    expect((await waiting).status).toBe(503);
    expect((await client('/').refusal()).status).toBe(503);
    expect(subscription.closed).toBe(false);
    subscription.unsubscribe();
    expect(full.observed).toBe(false);
  });

  it('is `upgrades` where it never comes', async () => {
    const subscription = upgradesUntil(server, {}, NEVER).subscribe(refuse(418));
    expect((await client('/').refusal()).status).toBe(418);
    subscription.unsubscribe();
  });
});
