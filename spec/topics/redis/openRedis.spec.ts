import { expect, it } from '@jest/globals';
import { duplicatesOf, openRedis } from '../../../src/topics/redis/openRedis.ts';
import type { RedisClient } from '../../../src/topics/redis/RedisClient.ts';
import { fakeRedis } from './FakeRedis.ts';

it('makes two connections of a client, which queue and resend nothing', () => {
  const made: object[] = [];
  const duplicate = (options: object): unknown => {
    made.push(options);
    return fakeRedis().client;
  };
  duplicatesOf({ duplicate, pSubscribe: true } as unknown as RedisClient);
  duplicatesOf({ duplicate, psubscribe: true } as unknown as RedisClient);
  expect(made).toHaveLength(4);
  expect(made[1]).toMatchObject({ disableOfflineQueue: true });
  expect(made[3]).toMatchObject({ enableOfflineQueue: false, autoResendUnfulfilledCommands: false });
});

it('makes two connections to a URL, that have not begun', async () => {
  const connections = await openRedis('redis://127.0.0.1:1');
  expect(connections).toHaveLength(2);
});
