import { expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { IO_REDIS } from '../../../src/topics/redis/ioRedisOptions.ts';

it('takes from a client what would resend, put off or rename', () => {
  const given = new Redis({
    lazyConnect: true,
    keyPrefix: 'of-the-client:',
    enableAutoPipelining: true,
    autoResendUnfulfilledCommands: true,
    maxRetriesPerRequest: 20,
    username: 'ann',
  });
  expect(given.duplicate(IO_REDIS).options).toMatchObject({ ...IO_REDIS, username: 'ann' });
});
