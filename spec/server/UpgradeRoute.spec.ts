import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import type { Handshake } from '../../src/core/Handshake.ts';
import { PendingUpgrade } from '../../src/server/PendingUpgrade.ts';
import type { Upgrade } from '../../src/server/Upgrade.ts';
import type { UpgradeConfig } from '../../src/server/UpgradeConfig.ts';
import { UpgradeRoute } from '../../src/server/UpgradeRoute.ts';
import { UpgradeRouter } from '../../src/server/UpgradeRouter.ts';
import { Inbox } from '../connection/contract/Inbox.ts';
import { pass } from '../core/passing.ts';
import { type Borrowed, httpServer } from './httpServer.ts';
import { type RawAnswer, RawClient, upgradeRequest } from './rawClient.ts';

let borrowed: Borrowed;
let arrived: Inbox<Upgrade>;
let remove: () => void;
beforeEach(async () => {
  borrowed = await httpServer();
  arrived = new Inbox();
});
afterEach(async () => {
  remove();
  await borrowed[Symbol.asyncDispose]();
});

function route(config: UpgradeConfig = {}): UpgradeRoute {
  const made = new UpgradeRoute(
    config,
    (upgrade) => arrived.push(upgrade),
    () => {},
  );
  remove = UpgradeRouter.add(borrowed.server, made);
  return made;
}
const client = (request: string): RawClient => RawClient.to(borrowed.port, request);
const refused = (fields: Record<string, string | undefined> = {}): Promise<RawAnswer> =>
  client(upgradeRequest('/', fields)).refusal();
const decided = (upgrade: Upgrade): PendingUpgrade => PendingUpgrade.take(upgrade, () => {})!;

describe('UpgradeRoute', () => {
  it('emits an upgrade that can be decided', async () => {
    route({ path: /^\/rooms\/(?<room>.*)$/, protocols: ['a'] });
    const { closed } = client(upgradeRequest('/rooms/7?token=x', { 'X-A': 'b' }));
    const upgrade = await arrived.next();
    expect(upgrade).toMatchObject({
      path: '/rooms/7',
      params: { room: '7' },
      headers: { 'x-a': 'b' },
      remoteAddress: '127.0.0.1',
    });
    expect(upgrade.query.get('token')).toBe('x');
    expect(upgrade.url.href).toBe('ws://localhost/rooms/7?token=x');
    expect(upgrade.raw.method).toBe('GET');
    const pending = decided(upgrade);
    expect(pending.protocols).toEqual(['a']);
    pending.refuse({ status: 418 });
    expect((await closed).toString()).toMatch(/^HTTP\/1.1 418 /);
  });

  it('refuses what is no handshake', async () => {
    route();
    expect((await refused({ 'Sec-WebSocket-Key': 'short' })).status).toBe(400);
    expect((await refused({ Upgrade: 'h2c' })).status).toBe(400);
    const { status, headers } = await refused({ 'Sec-WebSocket-Version': '8' });
    expect([status, headers['sec-websocket-version'], headers['upgrade']]).toEqual([426, '13', 'websocket']);
    expect((await client(upgradeRequest('/', {}, { method: 'POST' })).refusal()).status).toBe(400);
    expect((await client(upgradeRequest('/', {}, { version: '1.0' })).refusal()).status).toBe(400);
  });

  it('refuses a foreign origin', async () => {
    route();
    expect((await refused({ Origin: 'https://evil.example' })).status).toBe(403);
    client(upgradeRequest('/', { Origin: 'http://localhost:4200' }));
    decided(await arrived.next()).refuse({ status: 404 });
  });

  it('says the first foreign origin, where no `origins` say who may', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    route();
    await refused({ Origin: 'https://a.example' });
    await refused({ Origin: 'https://b.example' });
    route({ path: '/a', origins: [] });
    await client(upgradeRequest('/a', { Origin: 'https://c.example' })).refusal();
    expect(warned.mock.calls.map(([message]) => message)).toEqual([
      expect.stringMatching(
        /^a page of "https:\/\/a\.example" was refused on localhost.*origins: \["https:\/\/a\.example"\]$/,
      ),
    ]);
  });

  it('refuses with 500 and reports where `origins` throws', async () => {
    const reported: [unknown, Handshake][] = [];
    route({
      path: '/a',
      origins: () => {
        throw new Error('oh');
      },
      onError: (...args) => reported.push(args),
    });
    const answer = await client(upgradeRequest('/a', { Origin: 'https://a.example' })).refusal();
    expect(answer).toMatchObject({ status: 500, body: 'Internal Server Error' });
    expect(reported).toMatchObject([[{ message: 'oh' }, { path: '/a' }]]);
  });

  it('has room for no more than `maxConnections`, undecided ones too, and then for the next', async () => {
    route({ maxConnections: 1 });
    const first = client(upgradeRequest());
    const upgrade = await arrived.next();
    const { status, headers } = await refused();
    expect([status, headers['retry-after']]).toEqual([503, '5']);
    decided(upgrade).refuse({ status: 403 });
    await first.closed;
    const next = client(upgradeRequest());
    await arrived.next();
    next.reset();
    await next.closed;
    client(upgradeRequest());
    decided(await arrived.next()).refuse({ status: 403 });
  });

  it('ends what nobody decides, by the clock', async () => {
    const scheduler = new VirtualTimeScheduler();
    route({ handshakeTimeoutMs: 20, scheduler });
    const answer = refused();
    const cancel = jest.fn();
    PendingUpgrade.take(await arrived.next(), cancel);
    pass(scheduler, 19);
    expect(cancel).not.toHaveBeenCalled();
    pass(scheduler, 1);
    expect(cancel).toHaveBeenCalledTimes(1);
    expect((await answer).status).toBe(503);
  });

  it('does not wait for ever where 10 s is left out', async () => {
    route();
    client(upgradeRequest());
    const pending = decided(await arrived.next());
    expect(Reflect.get(Reflect.get(pending, 'deadline'), 'delayMs')).toBe(10_000);
    pending.refuse({ status: 403 });
  });

  it('when left, refuses what nobody has undertaken to decide', async () => {
    const made = route();
    const [taken, free] = [client(upgradeRequest()), client(upgradeRequest())];
    const pending = decided(await arrived.next());
    await arrived.next();
    made.leave();
    const [, { status }] = await Promise.all([
      free.connected(),
      Promise.race([taken.refusal(), free.refusal()]),
    ]);
    expect(status).toBe(503);
    pending.refuse({ status: 404 });
    const statuses = (await Promise.all([taken.refusal(), free.refusal()])).map((answer) => answer.status);
    expect(statuses.sort()).toEqual([404, 503]);
  });

  it('when closed, refuses everything, what is being decided too', async () => {
    const made = route();
    const waiting = client(upgradeRequest());
    const cancelled = new Promise<void>(
      (cancel) => void arrived.next().then((upgrade) => PendingUpgrade.take(upgrade, cancel)),
    );
    await waiting.connected();
    // Both are there: the second one was asked later.
    const other = client(upgradeRequest());
    await arrived.next();
    made.close();
    await cancelled;
    const answers = await Promise.all([waiting.refusal(), other.refusal(), refused()]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
  });
});
