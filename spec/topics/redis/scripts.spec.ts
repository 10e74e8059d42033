import { once } from 'node:events';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { PUBLISH, READ } from '../../../src/topics/redis/scripts.ts';
import { unwrap } from '../../../src/topics/remote/envelope.ts';
import { ownRedis, serverAt, freshPrefix } from '../servers.ts';

const found = await serverAt(6379, ownRedis(), 'Redis');
const redis = new Redis({ port: found?.port ?? 0, lazyConnect: true });

afterAll(async () => {
  redis.disconnect();
  await found?.[Symbol.asyncDispose]();
});

(found === undefined ? describe.skip : describe)('the scripts', () => {
  const history = async (length = 100, ageMs = 60_000) => {
    const key = freshPrefix();
    const add = async (...texts: string[]): Promise<string> => {
      const payloads = texts.map((text) => `rxws1t\n${text}`);
      const config = [`${key}:c`, 'PUBLISH', length, ageMs, 60_000];
      return (await redis.eval(PUBLISH, 1, key, ...config, ...payloads)) as string;
    };
    const read = async (after: string, count = 10, readAgeMs = ageMs) => {
      const [gap, last, more, ...entries] = (await redis.eval(READ, 1, key, after, readAgeMs, count)) as [
        number,
        string,
        number,
        ...string[],
      ];
      const texts = entries.filter((_, at) => at % 2 === 1).map((payload) => payload.slice(7));
      return { gap, last, more, texts };
    };
    return { key, add, read };
  };

  it('know nothing of what does not exist', async () => {
    const { read } = await history();
    expect(await read('')).toEqual({ gap: 0, last: '0', more: 0, texts: [] });
    expect(await read('0')).toEqual({ gap: 0, last: '0', more: 0, texts: [] });
    expect(await read('5-1')).toEqual({ gap: 1, last: '0', more: 0, texts: [] });
  });

  it('give parts, and gaps', async () => {
    const { add, read } = await history(3);
    const ids: string[] = [];
    for (const text of ['1', '2', '3', '4']) ids.push(await add(text));
    expect(await read('')).toMatchObject({ last: ids[3], texts: [] });
    expect(await read(ids[0]!)).toEqual({ gap: 0, last: ids[3], more: 0, texts: ['2', '3', '4'] });
    expect(await read('0', 2)).toEqual({ gap: 0, last: ids[2], more: 1, texts: ['2', '3'] });
    await add('5');
    expect(await read(ids[0]!)).toMatchObject({ gap: 1, texts: ['3', '4', '5'] });
    expect(await read('999999999999999')).toMatchObject({ gap: 1, texts: ['3', '4', '5'] });
  });

  it('add and publish many together, each with its id', async () => {
    const { add, read, key } = await history(3);
    const listener = redis.duplicate();
    await listener.subscribe(`${key}:c`);
    const heard = once(listener, 'message');
    const last = await add('1', 'zwölf', '', '4');
    const [, payload] = (await heard) as [string, string];
    listener.disconnect();
    const contents = unwrap(Buffer.from(payload))!;
    expect(contents.map(({ data }) => data)).toEqual(['1', 'zwölf', '', '4']);
    expect(contents[3]!.id).toBe(last);
    expect(new Set(contents.map(({ id }) => id)).size).toBe(4);
    expect(await read(contents[0]!.id!)).toEqual({ gap: 0, last, more: 0, texts: ['zwölf', '', '4'] });
    expect(await read('0', 10)).toMatchObject({ texts: ['zwölf', '', '4'] });
    await add('5', '6');
    expect(await read(contents[0]!.id!)).toMatchObject({ gap: 1, texts: ['4', '5', '6'] });
  });

  it('keep nothing that may not be published', async () => {
    const { add, read, key } = await history();
    await add('1');
    const refused = redis.eval(
      PUBLISH,
      1,
      key,
      `${key}:c`,
      'NOTHING',
      10,
      60_000,
      60_000,
      'rxws1t\n2',
      'rxws1t\n3',
    );
    await expect(refused).rejects.toThrow('Unknown');
    expect(await read('0')).toMatchObject({ gap: 0, texts: ['1'] });
  });

  it('leave out what is too old; the newest stays, so that a quiet topic is no gap', async () => {
    const { add, read, key } = await history();
    const [one, two] = [await add('1'), await add('2')];
    // All that is there is older than nothing.
    await redis.eval(`while redis.call('TIME')[1] == '0' do end`, 0);
    const before = await redis.time();
    while ((await redis.time())[1] === before[1]);
    const age = -1;
    expect(await read(one, 10, age)).toMatchObject({ gap: 1, last: two, texts: [] });
    expect(await read(two, 10, age)).toMatchObject({ gap: 0, texts: [] });
    expect(await read('0', 10, age)).toMatchObject({ gap: 0, texts: [] });
    expect(await redis.pttl(key)).toBeGreaterThan(0);
  });
});
