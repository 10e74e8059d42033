import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  firstValueFrom,
  from,
  lastValueFrom,
  map,
  Observable,
  type ObservableInput,
  Subject,
  type Subscription,
  toArray,
  VirtualTimeScheduler,
} from 'rxjs';
import type { Connection } from '../../src/connection/Connection.ts';
import { engineOf } from '../../src/connection/EngineConnection.ts';
import type { Handshake } from '../../src/core/Handshake.ts';
import type { AcceptConfig } from '../../src/server/AcceptConfig.ts';
import { Acceptor } from '../../src/server/Acceptor.ts';
import type { Decision } from '../../src/server/Decision.ts';
import { reject } from '../../src/server/reject.ts';
import { Unowned } from '../../src/server/Unowned.ts';
import type { Upgrade } from '../../src/server/Upgrade.ts';
import type { UpgradeConfig } from '../../src/server/UpgradeConfig.ts';
import { upgrades } from '../../src/server/upgrades.ts';
import { Inbox } from '../connection/contract/Inbox.ts';
import { pass } from '../core/passing.ts';
import { type Borrowed, httpServer } from './httpServer.ts';
import { RawClient, upgradeRequest } from './rawClient.ts';

type Decide = (upgrade: Upgrade) => Decision | ObservableInput<Decision>;
type Any = Connection<unknown, unknown, unknown>;

let borrowed: Borrowed;
let arrived: Inbox<Upgrade>;
let listening: Subscription | undefined;
let unowned: Unowned;
beforeEach(async () => {
  borrowed = await httpServer();
  unowned = new Unowned();
});
afterEach(async () => {
  listening?.unsubscribe();
  unowned.leave();
  await borrowed[Symbol.asyncDispose]();
});

/** An upgrade that waits, and its client. */
async function arrival(
  fields: Record<string, string> = {},
  config: UpgradeConfig = {},
): Promise<{ upgrade: Upgrade; client: RawClient }> {
  arrived = new Inbox();
  listening?.unsubscribe();
  listening = upgrades(borrowed.server, config).subscribe((upgrade) => arrived.push(upgrade));
  const client = RawClient.to(borrowed.port, upgradeRequest('/', fields));
  return { upgrade: await arrived.next(), client };
}

const decided = (
  upgrade: Upgrade,
  decide: Decide,
  config: AcceptConfig<unknown, unknown> = {},
): Promise<Any[]> =>
  lastValueFrom(
    new Acceptor<unknown, unknown, unknown>(decide, config).connection(upgrade, unowned).pipe(toArray()),
  );

/** What comes of a decision: the connections, the answer, and what was reported. */
async function outcome(decide: Decide, fields?: Record<string, string>, config?: UpgradeConfig) {
  const { upgrade, client } = await arrival(fields, config);
  const reported: [unknown, Handshake | Any][] = [];
  const connections = await decided(upgrade, decide, { onError: (...args) => reported.push(args) });
  const answer = await client.answer();
  if (answer.status !== 101) expect(await client.refusal()).toEqual(answer);
  else client.socket.destroy();
  return { upgrade, connections, answer, reported };
}

describe('Acceptor', () => {
  it('emits a connection with its context and what was asked, and completes', async () => {
    const { connections, answer, upgrade } = await outcome(
      ({ headers }) => ({ context: { name: headers['x-name'] } }),
      { 'X-Name': 'Ada' },
    );
    expect(answer.status).toBe(101);
    expect(connections).toHaveLength(1);
    expect(connections[0]!.context).toEqual({ name: 'Ada' });
    const { handshake } = connections[0]!;
    expect([handshake.url.href, handshake.path, handshake.headers['x-name']]).toEqual([
      upgrade.url.href,
      '/',
      'Ada',
    ]);
    // The request is large, and not kept.
    expect(handshake).not.toHaveProperty('raw');
  });

  it('chooses the subprotocol that was decided, else the first that the client offers and the server knows', async () => {
    const offer = { 'Sec-WebSocket-Protocol': 'c, b, a' };
    const chosen = async (decision: Decision, protocols: readonly string[]): Promise<unknown> => {
      const { answer, connections } = await outcome(() => decision, offer, { protocols });
      expect(connections[0]!.protocol).toBe(answer.headers['sec-websocket-protocol'] ?? '');
      return answer.headers['sec-websocket-protocol'];
    };
    expect(await chosen(true, [])).toBeUndefined();
    expect(await chosen(true, ['a', 'b'])).toBe('b');
    expect(await chosen({ protocol: 'a' }, ['b'])).toBe('a');
    expect(await chosen(true, ['d'])).toBeUndefined();
  });

  it('sends the headers that were decided', async () => {
    const { answer } = await outcome(() => ({ headers: { 'Set-Cookie': 'a=b', 'X-A': 'c' } }));
    expect(answer.headers).toMatchObject({ 'set-cookie': 'a=b', 'x-a': 'c' });
  });

  it.each<[string, Decide, number]>([
    ['false', () => false, 403],
    ['nothing', () => undefined, 403],
    ['null', () => null, 403],
    ['a promise of false', () => Promise.resolve(false), 403],
    ['a promise of nothing', () => Promise.resolve(undefined), 403],
    ['an empty Observable', () => [], 403],
    ['a refusal', () => reject(402), 402],
    ['a late refusal', () => from(turn()).pipe(map(() => reject(410))), 410],
  ])('refuses for %s', async (_, decide, status) => {
    const { answer, connections, reported } = await outcome(decide);
    expect(answer.status).toBe(status);
    expect([connections, reported]).toEqual([[], []]);
  });

  const error = new Error('secret');
  it.each<[string, Decide, unknown]>([
    [
      'throws',
      () => {
        throw error;
      },
      error,
    ],
    ['rejects', () => Promise.reject(error), error],
    [
      'errors',
      () =>
        new Observable((subscriber) => {
          subscriber.error(error);
        }),
      error,
    ],
    ['is none', () => 'yes' as never, { code: 'INVALID_ARGUMENT' }],
    [
      'has a line break in a header',
      () => ({ headers: { 'X-A': 'b\r\nX-C: d' } }),
      { code: 'INVALID_ARGUMENT' },
    ],
    [
      'has a line break in a header name',
      () => ({ headers: { 'X-A\r\nX-B': 'c' } }),
      { code: 'INVALID_ARGUMENT' },
    ],
    [
      'sets what makes the handshake',
      () => ({ headers: { 'Sec-WebSocket-Accept': 'x' } }),
      { code: 'INVALID_ARGUMENT' },
    ],
    ['chooses what was not offered', () => ({ protocol: 'b' }), { code: 'INVALID_ARGUMENT' }],
    ['has a line break in its protocol', () => ({ protocol: 'a\r\nX-B: c' }), { code: 'INVALID_ARGUMENT' }],
    [
      'has a line break in a refusal',
      () => reject(403, { headers: { 'X-A': 'b\r\nX-C: d' } }),
      { code: 'INVALID_ARGUMENT' },
    ],
    ['has a status that is none', () => reject(1_000), { code: 'INVALID_ARGUMENT' }],
  ])('answers 500 and reports where the decision %s', async (_, decide, expected) => {
    const { answer, connections, reported, upgrade } = await outcome(decide, {
      'Sec-WebSocket-Protocol': 'a',
    });
    expect(answer).toEqual({
      status: 500,
      headers: expect.not.objectContaining({ 'x-b': expect.anything(), 'x-c': expect.anything() }),
      body: 'Internal Server Error',
    });
    expect(connections).toEqual([]);
    expect(reported).toEqual([
      [expected === error ? error : expect.objectContaining(expected as object), upgrade],
    ]);
  });

  it('says by a warning what nobody wants to be told', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const { upgrade, client } = await arrival();
    await decided(upgrade, () => Promise.reject(error));
    expect(warn.mock.calls).toEqual([['secret', expect.objectContaining({ type: 'RxjsWsWarning' })]]);
    expect((await client.refusal()).status).toBe(500);
  });

  it('cancels the decision and opens nothing when the client vanishes', async () => {
    const decision = new Subject<boolean>();
    const { upgrade, client } = await arrival();
    const connections = decided(upgrade, () => decision);
    expect(decision.observed).toBe(true);
    client.reset();
    expect(await connections).toEqual([]);
    expect(decision.observed).toBe(false);
  });

  it('cancels the decision at the deadline, and takes no late answer', async () => {
    let late!: (decision: boolean) => void;
    const reported: unknown[] = [];
    const scheduler = new VirtualTimeScheduler();
    const { upgrade, client } = await arrival({}, { handshakeTimeoutMs: 10, scheduler });
    const promise = new Promise<boolean>((resolve) => (late = resolve));
    const connections = decided(upgrade, () => promise, { onError: (failure) => reported.push(failure) });
    pass(scheduler, 10);
    expect((await client.refusal()).status).toBe(503);
    late(true);
    expect(await connections).toEqual([]);
    expect(reported).toEqual([]);
  });

  it('survives a rejection that comes late', async () => {
    let late!: (failure: unknown) => void;
    const scheduler = new VirtualTimeScheduler();
    const { upgrade, client } = await arrival({}, { handshakeTimeoutMs: 10, scheduler });
    const promise = new Promise<boolean>((_, rejected) => (late = rejected));
    const connections = decided(upgrade, () => promise);
    pass(scheduler, 10);
    expect((await client.refusal()).status).toBe(503);
    late(error);
    expect(await connections).toEqual([]);
    await turn();
  });

  it('refuses with 503 when it is unsubscribed undecided', async () => {
    const { upgrade, client } = await arrival();
    const decision = new Subject<boolean>();
    new Acceptor(() => decision, {}).connection(upgrade, unowned).subscribe().unsubscribe();
    expect((await client.refusal()).status).toBe(503);
    expect(decision.observed).toBe(false);
  });

  it('refuses with 503 when the decision itself unsubscribes', async () => {
    const { upgrade, client } = await arrival();
    const emitted: unknown[] = [];
    const stop = new Subject<void>();
    const connections = new Acceptor(() => {
      stop.next();
      return true;
    }, {}).connection(upgrade, unowned);
    const subscription: Subscription = new Observable((subscriber) => {
      subscriber.add(stop.subscribe(() => subscriber.unsubscribe()));
      subscriber.add(connections.subscribe(subscriber));
    }).subscribe((connection) => emitted.push(connection));
    expect(subscription.closed).toBe(true);
    expect((await client.refusal()).status).toBe(503);
    expect(emitted).toEqual([]);
  });

  it('leaves an upgrade to the first who decides, and reports the second', async () => {
    const { upgrade, client } = await arrival();
    const decision = new Subject<boolean>();
    const first = decided(upgrade, () => decision);
    const reported: unknown[] = [];
    expect(await decided(upgrade, () => false, { onError: (failure) => reported.push(failure) })).toEqual([]);
    expect(reported).toMatchObject([{ code: 'INVALID_ARGUMENT' }]);
    decision.next(true);
    expect(await first).toHaveLength(1);
    expect((await client.answer()).status).toBe(101);
    client.socket.destroy();
  });

  it('asks nobody about what has ended already, or never was an upgrade', async () => {
    const scheduler = new VirtualTimeScheduler();
    const { upgrade, client } = await arrival({}, { scheduler });
    pass(scheduler, 10_000);
    await client.closed;
    const reported: unknown[] = [];
    const decide = (): never => {
      throw new Error('was asked');
    };
    const config = { onError: (failure: unknown) => reported.push(failure) };
    expect(await decided(upgrade, decide, config)).toEqual([]);
    expect(reported).toEqual([]);
    expect(await decided({ raw: {} } as Upgrade, decide, config)).toEqual([]);
    expect(reported).toMatchObject([{ code: 'INVALID_ARGUMENT' }]);
  });

  it('makes connections with its config', async () => {
    const { upgrade, client } = await arrival();
    const reported: unknown[] = [];
    const scheduler = new VirtualTimeScheduler();
    const acceptor = new Acceptor(() => true, {
      codec: {
        decode: () => {
          throw error;
        },
        encode: () => '',
      },
      maxMessageBytes: 7,
      scheduler,
      onError: (...args) => reported.push(...args),
    });
    const connection = await firstValueFrom(acceptor.connection(upgrade, unowned));
    expect(engineOf(connection).settings).toMatchObject({ maxMessageBytes: 7, readAheadBytes: 65_536 });
    connection.messages.subscribe();
    client.socket.write(Buffer.from([0x81, 0x80, 0, 0, 0, 0]));
    while (connection.state === 'open') await turn();
    // The client answers no close.
    pass(scheduler, 10_000);
    const close = await firstValueFrom(connection.closed);
    expect(close).toMatchObject({ code: 1007, by: 'local', wasClean: false, openMs: 10_000 });
    expect(reported).toEqual([error, connection]);
    client.socket.destroy();
  });
});
