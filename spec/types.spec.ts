// What must infer, and what must not compile: `npm run typecheck` holds it. `listen`, `handle` and `connect` are cold, so
// that the calls can stand in specs.
import { createServer } from 'node:http';
import { describe, it } from '@jest/globals';
import { connect as connectNats } from '@nats-io/transport-node';
import { createClient } from '@redis/client';
import { Redis } from 'ioredis';
import { expectTypeOf } from 'expect-type';
import { z } from 'zod';
import {
  filter,
  from,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  startWith,
  switchMap,
  tap,
} from 'rxjs';
import {
  accept,
  type Bus,
  type Codec,
  connect,
  type Connection,
  type Data,
  dial,
  type Ended,
  type Handler,
  type Handshake,
  handle,
  heartbeat,
  json,
  type Link,
  link,
  listen,
  memory,
  multiplex,
  type Peer,
  prepare,
  type Presence,
  reject,
  request,
  type Sendable,
  text,
  type TopicMessage,
  type Topics,
  topics,
  type Upgrade,
  upgrades,
} from '../src/index.ts';
import { msgpack } from '../src/msgpack.ts';
import { nats } from '../src/nats.ts';
import { redis } from '../src/redis.ts';
import { contracts } from './codecs/schemas.ts';
import type * as Contract from './codecs/schemas.ts';

type ToServer = { event: 'say'; text: string };
type ToClient = { event: 'said'; text: string } | { event: 'left'; who: string };
const chat: Codec<ToServer, ToClient> = json<ToServer, ToClient>();
const reverse = (line: string): string => [...line].reverse().join('');

interface User {
  name: string;
}
const verify = (token: string | undefined): Promise<User | null> =>
  Promise.resolve(token ? { name: token } : null);

describe('the types of', () => {
  it('listen and handle without a codec', () => {
    listen({ port: 8080, shouldUpgrade: ({ path }) => path !== '/deny' }).pipe(
      handle((connection) => {
        expectTypeOf(connection).toEqualTypeOf<Connection<Data, Sendable, undefined>>();
        return connection.text.pipe(map(reverse), startWith('Connected'));
      }),
      tap((ended) => expectTypeOf(ended).toEqualTypeOf<Ended<Data, Sendable, undefined>>()),
    );
    listen({}).pipe(handle(({ text: lines }) => lines.pipe(map(reverse), startWith('Connected'))));
    listen({}).pipe(handle(({ messages }) => messages));
    listen({}).pipe(handle(() => [new ArrayBuffer(1), new Float32Array(1), Buffer.alloc(1), 'text']));
    // @ts-expect-error a number is nothing that can be sent
    listen({}).pipe(handle(() => of(5)));
  });

  it('listen and handle with a codec', () => {
    listen({ port: 1, codec: chat }).pipe(
      handle((connection) => {
        expectTypeOf(connection).toEqualTypeOf<Connection<ToServer, ToClient, undefined>>();
        return connection.messages.pipe(map((message) => ({ event: 'said', text: message.text })));
      }),
    );
    listen({ codec: json<ToServer, ToClient>() }).pipe(handle(() => of({ event: 'left', who: 'me' })));
    listen({ codec: text() }).pipe(handle(({ messages }) => messages.pipe(map(reverse))));
    listen({ codec: chat }).pipe(handle(() => of(prepare<ToClient>({ event: 'left', who: 'me' }, chat))));
    listen({ codec: chat }).pipe(
      handle(async function* (connection) {
        for await (const message of connection) yield { event: 'said', text: message.text };
      }),
    );
    // @ts-expect-error wrong output
    listen({ codec: chat }).pipe(handle((c) => c.messages.pipe(map((m) => ({ sad: m.text })))));
    // @ts-expect-error wrong output
    listen({ codec: chat }).pipe(handle(() => of(5)));
    // @ts-expect-error wrong output
    listen({ codec: chat }).pipe(handle((c) => c.text));
    // @ts-expect-error wider than what is sent
    listen({ codec: chat }).pipe(handle((): Observable<ToClient | number> => of(5)));
    // @ts-expect-error prepared for another contract
    listen({ codec: chat }).pipe(handle(() => of(prepare({ x: 1 }, json<unknown, { x: number }>()))));
  });

  it('handlers that stand alone', () => {
    const said: Handler<ToServer, ToClient> = (c) =>
      c.messages.pipe(map((message) => ({ event: 'said', text: message.text })));
    listen({ codec: chat }).pipe(handle(said));
    const inferred = (c: Connection<ToServer, ToClient>): Observable<ToClient> =>
      c.messages.pipe(map((message): ToClient => ({ event: 'said', text: message.text })));
    listen({ codec: chat }).pipe(handle(inferred));
    // @ts-expect-error an untyped connection to a typed handler
    listen({}).pipe(handle(said));
    const named: Handler<Data, Sendable, User> = ({ context }) => of(context.name);
    listen({ shouldUpgrade: () => ({ context: { name: 'x' } }) }).pipe(handle(named));
    // @ts-expect-error a connection without a context to a handler that needs one
    listen({}).pipe(handle(named));
  });

  it('the context', () => {
    listen({
      shouldUpgrade: async ({ headers }) => {
        const user = await verify(headers['authorization']);
        return user ? { context: user } : reject(401);
      },
    }).pipe(
      handle(({ context, text: lines }) => {
        expectTypeOf(context).toEqualTypeOf<User>();
        return lines.pipe(map((line) => `${context.name}: ${line}`));
      }),
    );
    listen({ shouldUpgrade: ({ path }) => (path === '/public' ? true : { context: { name: 'x' } }) }).pipe(
      handle(({ context, text: lines }) => {
        expectTypeOf(context).toEqualTypeOf<{ name: string } | undefined>();
        return lines;
      }),
    );
    listen({
      shouldUpgrade: ({ headers }) =>
        from(verify(headers['authorization'])).pipe(map((user) => user && { context: user })),
    }).pipe(tap(({ context }) => expectTypeOf(context).toEqualTypeOf<User>()));
    listen({
      shouldUpgrade: (upgrade) => {
        expectTypeOf(upgrade).toEqualTypeOf<Upgrade>();
        if (upgrade.path === '/a') return { headers: { 'x-a': 'b' } };
        return undefined;
      },
    }).pipe(tap(({ context }) => expectTypeOf(context).toEqualTypeOf<undefined>()));
    listen({
      codec: chat,
      shouldUpgrade: ({ headers }) => (headers['x'] ? { context: { tenant: headers['x'] } } : false),
    }).pipe(
      handle((c) => {
        expectTypeOf(c).toEqualTypeOf<Connection<ToServer, ToClient, { tenant: string }>>();
        return c.messages.pipe(map(() => ({ event: 'left', who: c.context.tenant })));
      }),
    );
    listen({ shouldUpgrade: (): { context: 1 } | null => ({ context: 1 }) }).pipe(
      tap(({ context }) => expectTypeOf(context).toEqualTypeOf<1>()),
    );
    // @ts-expect-error not a decision
    listen({ shouldUpgrade: () => 'yes' });
    // @ts-expect-error not a decision
    listen({ shouldUpgrade: () => ({ ok: false }) });
    // @ts-expect-error not a header
    listen({ shouldUpgrade: () => ({ headers: { 'x-a': 5 } }) });
    // @ts-expect-error origins answers at once
    listen({ origins: () => Promise.resolve(false) });
  });

  it('upgrades and accept', () => {
    const server = createServer();
    upgrades(server, { path: '/admin' }).pipe(
      accept(
        ({ headers }) => (headers['x-admin'] ? { context: { admin: headers['x-admin'] } } : reject(403)),
        {
          maxMessageBytes: 1024,
        },
      ),
      handle(({ text: lines, context }) => {
        expectTypeOf(context).toEqualTypeOf<{ admin: string }>();
        return lines.pipe(map((line) => `${context.admin}: ${line}`));
      }),
    );
    upgrades(server).pipe(
      accept(undefined, { codec: chat }),
      tap((connection) =>
        expectTypeOf(connection).toEqualTypeOf<Connection<ToServer, ToClient, undefined>>(),
      ),
    );
    upgrades(server).pipe(
      accept(),
      tap((connection) => expectTypeOf(connection).toEqualTypeOf<Connection<Data, Sendable, undefined>>()),
    );
  });

  it('onError, which changes nothing of what is inferred', () => {
    listen({
      codec: chat,
      onError: (error, where) => {
        expectTypeOf(error).toEqualTypeOf<unknown>();
        expectTypeOf(where).toEqualTypeOf<Connection<ToServer, ToClient> | Handshake>();
      },
    }).pipe(tap((c) => expectTypeOf(c).toEqualTypeOf<Connection<ToServer, ToClient, undefined>>()));
    const log = (error: unknown, where: object): void => void [error, where];
    listen({ codec: chat, onError: log }).pipe(
      tap((c) => expectTypeOf(c).toEqualTypeOf<Connection<ToServer, ToClient, undefined>>()),
    );
    const logAny = (_: unknown, where: Connection<unknown, never> | Handshake): void => void where;
    listen({ codec: chat, onError: logAny }).pipe(
      tap((c) => expectTypeOf(c).toEqualTypeOf<Connection<ToServer, ToClient, undefined>>()),
    );
    listen({ onError: logAny }).pipe(
      tap((c) => expectTypeOf(c).toEqualTypeOf<Connection<Data, Sendable, undefined>>()),
    );
  });

  it('connect and dial', () => {
    connect('ws://x').pipe(
      switchMap((connection) => {
        expectTypeOf(connection).toEqualTypeOf<Connection<Data, Sendable, undefined>>();
        return connection.text;
      }),
      tap((line) => expectTypeOf(line).toEqualTypeOf<string>()),
    );
    connect({ url: 'ws://x', codec: chat }).pipe(
      tap(({ send }) => {
        send({ event: 'left', who: 'me' });
        // @ts-expect-error wrong message
        send({ event: 'say', text: 'x' });
      }),
      switchMap(({ messages }) => messages),
      tap((message) => expectTypeOf(message).toEqualTypeOf<ToServer>()),
    );
    connect(() =>
      from(Promise.resolve('t')).pipe(
        map((token) => ({ url: 'wss://a/', headers: { authorization: token } })),
      ),
    ).pipe(tap(({ send }) => send('x')));
    expectTypeOf(async () => {
      await using connection = await dial('ws://x');
      connection.send('x');
      for await (const message of connection) {
        expectTypeOf(message).toEqualTypeOf<Data>();
        break;
      }
      return dial({ url: 'ws://x', codec: chat });
    }).returns.resolves.toEqualTypeOf<Connection<ToServer, ToClient, undefined>>();
    // what is sent elsewhere merges as nothing
    merge(of({ n: 1 }), from([] as never[])).pipe(
      tap((value) => expectTypeOf(value).toEqualTypeOf<{ n: number }>()),
    );
  });

  it('heartbeat, which changes nothing of what is inferred', () => {
    connect({ url: 'ws://x', codec: chat }).pipe(
      heartbeat({ send: { event: 'left', who: 'me' } }),
      tap((connection) =>
        expectTypeOf(connection).toEqualTypeOf<Connection<ToServer, ToClient, undefined>>(),
      ),
    );
    connect('ws://x').pipe(
      heartbeat({ send: 'ping', intervalMs: 5 }),
      tap((connection) => expectTypeOf(connection).toEqualTypeOf<Connection<Data, Sendable, undefined>>()),
    );
    // @ts-expect-error nothing that the peer takes
    connect({ url: 'ws://x', codec: chat }).pipe(heartbeat({ send: 'ping' }));
  });

  it('request and multiplex', () => {
    type Rpc = { id: number; method: string } | { id: number; result: number };
    type Reply = Extract<Rpc, { result: number }>;
    const isReply = (message: Rpc): message is Reply => 'result' in message;
    connect({ url: 'ws://x', codec: json<Rpc>() }).pipe(
      switchMap((connection) => {
        const peer: Peer<Rpc, Rpc> = connection;
        const ask = { id: 1, method: 'add' };
        expectTypeOf(request(peer, ask, { matches: isReply })).toEqualTypeOf<Observable<Reply>>();
        expectTypeOf(
          request(connection, ask, { matches: (m): m is Reply => isReply(m) && m.id === 1, timeoutMs: 5 }),
        ).toEqualTypeOf<Observable<Reply>>();
        // @ts-expect-error nothing that the peer takes
        request(connection, { id: '1' }, { matches: isReply });
        return request(connection, ask, { matches: ({ id }) => id === 1 });
      }),
      tap((message) => expectTypeOf(message).toEqualTypeOf<Rpc>()),
    );
    connect({ url: 'ws://x', codec: chat }).pipe(
      switchMap((connection) => {
        request(connection, { event: 'left', who: 'me' }, { matches: () => true });
        request(connection, prepare({ event: 'left', who: 'me' }, chat), { matches: () => true });
        const all = multiplex(connection, {
          key: 'me',
          subscribe: { event: 'said', text: 'me' },
          unsubscribe: { event: 'left', who: 'me' },
          matches: ({ event }) => event === 'say',
        });
        expectTypeOf(all).toEqualTypeOf<Observable<ToServer>>();
        // @ts-expect-error nothing that the peer takes
        multiplex(connection, { key: 'me', subscribe: 5, unsubscribe: 6, matches: () => true });
        return multiplex(connection, {
          key: 'me',
          subscribe: prepare<ToClient>({ event: 'said', text: 'me' }, chat),
          unsubscribe: { event: 'left', who: 'me' },
          matches: (m): m is ToServer & { text: 'a' } => m.text === 'a',
        });
      }),
      tap(({ text }) => expectTypeOf(text).toEqualTypeOf<'a'>()),
    );
  });

  it('link', () => {
    expectTypeOf(link('ws://x')).toEqualTypeOf<Link<Data, Sendable>>();
    const feed = link({ url: 'ws://x', codec: chat, offline: 'drop', reconnect: { attempts: 3 } });
    expectTypeOf(feed).toEqualTypeOf<Link<ToServer, ToClient>>();
    expectTypeOf(link({ url: 'ws://x', codec: chat }, { offline: { maxMessages: 5 } })).toEqualTypeOf<
      Link<ToServer, ToClient>
    >();
    expectTypeOf(link(() => ({ url: 'ws://x', codec: chat }))).toEqualTypeOf<Link<ToServer, ToClient>>();
    expectTypeOf(link(connect({ url: 'ws://x', codec: chat }))).toEqualTypeOf<Link<ToServer, ToClient>>();
    const beating = connect({ url: 'ws://x', codec: chat }).pipe(
      heartbeat({ send: { event: 'left', who: 'me' } }),
    );
    expectTypeOf(link(beating)).toEqualTypeOf<Link<ToServer, ToClient>>();
    request(feed, { event: 'left', who: 'me' }, { matches: ({ text: line }) => line === 'a' });
    // @ts-expect-error wrong message
    feed.send({ event: 'say', text: 'x' });
    // @ts-expect-error no policy
    link({ url: 'ws://x', offline: 'latest' });
  });

  it('a contract in schemas, on both ends', () => {
    for (const [, server, client] of contracts) {
      expectTypeOf(server).toEqualTypeOf<Codec<Contract.ToServer, Contract.ToClient>>();
      expectTypeOf(client).toEqualTypeOf<Codec<Contract.ToClient, Contract.FromClient>>();
    }
    const toServer = z.discriminatedUnion('type', [
      z.object({ type: z.literal('say'), text: z.string() }),
      z.object({ type: z.literal('at'), when: z.iso.datetime().transform((line) => new Date(line)) }),
    ]);
    const toClient = z.discriminatedUnion('type', [
      z.object({ type: z.literal('said'), text: z.string() }),
      z.object({ type: z.literal('ok') }),
    ]);
    const server = json({ in: toServer, out: toClient });
    const client = json({ in: toClient, out: toServer });
    expectTypeOf(server).toEqualTypeOf<Codec<Contract.ToServer, Contract.ToClient>>();
    expectTypeOf(client).toEqualTypeOf<Codec<Contract.ToClient, Contract.FromClient>>();
    expectTypeOf(msgpack({ in: toServer, out: toClient, validateOut: true })).toEqualTypeOf(server);
    expectTypeOf(msgpack<ToServer, ToClient>()).toEqualTypeOf(chat);

    listen({ codec: server, undecodable: 'skip' }).pipe(
      handle((connection) => {
        expectTypeOf(connection).toEqualTypeOf<Connection<Contract.ToServer, Contract.ToClient, undefined>>();
        return connection.messages.pipe(
          map((m) =>
            m.type === 'say'
              ? { type: 'said' as const, text: m.text }
              : { type: 'said' as const, text: m.when.toISOString() },
          ),
        );
      }),
    );
    // @ts-expect-error no message of the contract
    listen({ codec: server }).pipe(handle(() => of({ type: 'sad' as const })));
    // @ts-expect-error what the client says is not what the server says
    listen({ codec: server }).pipe(handle(({ messages }) => messages));
    listen({ codec: server }).pipe(handle(() => of(prepare({ type: 'ok' as const }, server))));
    // @ts-expect-error prepared for the other end
    listen({ codec: server }).pipe(handle(() => of(prepare({ type: 'say' as const, text: 'x' }, client))));

    connect({ url: 'ws://x', codec: client }).pipe(
      tap(({ send }) => {
        send({ type: 'at', when: '2026-01-01T00:00:00Z' });
        // @ts-expect-error a Date is what the server gets, not what the client sends
        send({ type: 'at', when: new Date() });
        // @ts-expect-error no message of the contract
        send({ type: 'ok' });
      }),
      switchMap(({ messages }) => messages),
      filter((message) => message.type === 'said'),
      tap((message) => expectTypeOf(message).toEqualTypeOf<{ type: 'said'; text: string }>()),
    );
    expectTypeOf(() => dial({ url: 'ws://x', codec: client })).returns.resolves.toEqualTypeOf<
      Connection<Contract.ToClient, Contract.FromClient, undefined>
    >();
    const feed = link({ url: 'ws://x', codec: client, undecodable: 'error' });
    expectTypeOf(feed).toEqualTypeOf<Link<Contract.ToClient, Contract.FromClient>>();
    // @ts-expect-error a Date is what the server gets, not what the client sends
    feed.send({ type: 'at', when: new Date() });
    request(feed, { type: 'say', text: 'x' }, { matches: ({ type }) => type === 'ok' });

    // @ts-expect-error no choice
    listen({ codec: server, undecodable: 'ignore' });
    const mistakes = (): unknown[] => [
      // @ts-expect-error no schema
      json({ in: { type: 'object' }, out: toClient }),
      // @ts-expect-error both directions
      json({ in: toServer }),
    ];
    expectTypeOf(mistakes).returns.toBeArray();
  });

  it('topics', () => {
    const rooms = topics({ codec: chat });
    expectTypeOf(rooms).toEqualTypeOf<Topics<ToClient>>();
    expectTypeOf(rooms.messages('a')).toEqualTypeOf<Observable<TopicMessage<ToClient>>>();
    expectTypeOf(rooms.messages({ pattern: 'a:*' })).toEqualTypeOf<Observable<TopicMessage<ToClient>>>();
    expectTypeOf(rooms.subscribers('a')).toEqualTypeOf<Observable<number>>();
    expectTypeOf(rooms.presence('a')).toEqualTypeOf<Observable<Presence>>();
    // What the connections of the same contract are sent, prepared.
    listen({ codec: chat }).pipe(handle(() => rooms.messages('a')));
    listen({ codec: chat }).pipe(
      handle(({ messages }) =>
        merge(
          rooms.messages('a', { since: '0', gap: () => ({ event: 'left', who: 'x' }), member: 'me' }),
          messages.pipe(
            tap(({ text: said }) => rooms.publish('a', { event: 'said', text: said })),
            ignoreElements(),
          ),
        ),
      ),
    );
    rooms.messages('a').pipe(
      map(({ value }) => value),
      filter((value) => value.event === 'said'),
      tap((value) => expectTypeOf(value).toEqualTypeOf<{ event: 'said'; text: string }>()),
    );
    const server = contracts[0]![1];
    expectTypeOf(topics({ codec: server })).toEqualTypeOf<Topics<Contract.ToClient>>();
    topics({
      codec: json<never, { text: string; id?: string }>(),
      bus: memory({ history: true }),
      withId: (line, id) => ({ ...line, id }),
    });
    const mistakes = (): unknown[] => [
      // @ts-expect-error what the peer says, and not what it is sent
      rooms.publish('a', { event: 'say', text: 'x' }),
      // @ts-expect-error nothing of the contract
      rooms.messages('a', { gap: () => 'gap' }),
      // @ts-expect-error what is sent to another contract
      listen({ codec: text() }).pipe(handle(() => rooms.messages('a'))),
      // @ts-expect-error a codec is needed
      topics({}),
      // @ts-expect-error no text
      topics({ codec: chat, withId: (_, id) => id }),
      // @ts-expect-error a pattern is asked for with { pattern }
      rooms.messages(/room:/),
      // @ts-expect-error nowhere
      redis({}),
      // @ts-expect-error a client is no URL
      redis({ url: 5 }),
      // @ts-expect-error nowhere
      nats({ prefix: 'a' }),
    ];
    expectTypeOf(mistakes).returns.toBeArray();
    expectTypeOf(redis).returns.toEqualTypeOf<Bus>();
    expectTypeOf(nats).returns.toEqualTypeOf<Bus>();
  });

  it('the clients of a bus', () => {
    const clients = (): Bus[] => [
      redis({ client: createClient() }),
      redis({ client: new Redis(), sharded: true, history: { length: 5, maxAgeMs: 1 } }),
    ];
    expectTypeOf(clients).returns.toEqualTypeOf<Bus[]>();
    const connections = async (): Promise<Bus> =>
      nats({ connection: await connectNats({ servers: 'nats://x' }), history: true });
    expectTypeOf(connections).returns.resolves.toEqualTypeOf<Bus>();
  });
});
