import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { nats } from '../../../src/topics/nats/nats.ts';
import { natsNames } from '../../../src/topics/nats/natsNames.ts';
import { busContract } from '../remote/contract.ts';
import { leaving } from '../remote/leaving.ts';
import { outages } from '../remote/outages.ts';
import { refusals } from '../remote/refusals.ts';
import { sockets } from '../remote/sockets.ts';
import { unreachable } from '../remote/unreachable.ts';
import { ownNats, serverAt, ownNames } from '../servers.ts';

const found = await serverAt(4222, ownNats(), 'NATS');
const port = found?.port ?? 0;
const url = `nats://127.0.0.1:${port}`;
const shared: NatsConnection | undefined = found && (await connect({ servers: url }));

afterAll(async () => {
  if (shared === undefined) return;
  const manager = await jetstreamManager(shared);
  for await (const { config } of manager.streams.list())
    if (config.name.startsWith(ownNames)) await manager.streams.delete(config.name);
  await shared.close();
  await found?.[Symbol.asyncDispose]();
});

(found === undefined ? describe.skip : describe)('nats', () => {
  const rest = {
    publishForeign: (prefix: string, topic: string, payload: string) => {
      shared!.publish(natsNames(`${prefix}.t`).subject(topic), payload);
      return shared!.flush();
    },
    hasPatterns: true,
  };
  busContract('by a URL', { bus: (config) => nats({ url, ...config }), ...rest });
  busContract('by a connection', { bus: (config) => nats({ connection: shared!, ...config }), ...rest });
  leaving('by a URL', {
    server: () => ownNats(),
    bus: ({ port: at, ...config }) => nats({ url: `nats://127.0.0.1:${at}`, ...config }),
    subscriptionsOf: async ({ monitor }, prefix, target) => {
      const reply = await fetch(`http://127.0.0.1:${monitor}/connz?subs=1`);
      const { connections } = (await reply.json()) as { connections: { subscriptions_list?: string[] }[] };
      const names = natsNames(`${prefix}.t`);
      const wanted =
        typeof target === 'string' ? names.subject(target) : names.pattern(target.pattern).subject;
      return connections.flatMap(({ subscriptions_list: all = [] }) => all).filter((each) => each === wanted)
        .length;
    },
    hasPatterns: true,
  });
  refusals('by a URL', {
    server: async (prefix) => {
      const denied = `{ deny: ["${prefix}.t.denied", "${prefix}.l.denied"] }`;
      const config = `authorization {
        users: [{ user: "ann", password: "a/b", permissions: { publish: ${denied}, subscribe: ${denied} } }]
      }`;
      const own = ownNats((folder) => {
        writeFileSync(join(folder, 'nats.conf'), config);
        return ['-c', join(folder, 'nats.conf')];
      });
      expect(await own.start()).toBe(true);
      return own;
    },
    bus: ({ port: at, ...rest }) => nats({ url: `nats://ann:a%2Fb@127.0.0.1:${at}`, ...rest }),
  });
  sockets('by a URL', (config) => nats({ url, ...config }));
  unreachable('by a URL', {
    server: () => ownNats(),
    bus: ({ port: at, ...config }) => nats({ url: `nats://127.0.0.1:${at}`, ...config }),
  });
  outages('by a URL', {
    server: () => ownNats(),
    bus: ({ port: at, ...config }) => nats({ url: `nats://127.0.0.1:${at}`, ...config }),
  });
});

describe('the settings of nats', () => {
  it('are looked at', () => {
    for (const prefix of ['', 'a b', 'a..b', '*', '>'])
      expect(() => nats({ url, prefix })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(() => nats({ url: 'nats://100%@127.0.0.1' })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it('take no connection that does not hear itself, where it has to', () => {
    const call = () => undefined;
    const given = { subscribe: call, status: call, options: { noEcho: true } };
    const connection = given as unknown as NatsConnection;
    expect(() => nats({ connection })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(() => nats({ connection, history: true })).not.toThrow();
  });

  it.each([undefined, {}, Promise.resolve()])('take nothing that is no connection: %p', (given) => {
    const connection = given as unknown as NatsConnection;
    expect(() => nats({ connection })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('connect of') }),
    );
  });
});
