import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { jetstream, type JetStreamClient, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { JetStreamHistory } from '../../../src/topics/nats/JetStreamHistory.ts';
import { ownNats, serverAt, freshPrefix } from '../servers.ts';
import { until } from '../until.ts';

const found = await serverAt(4222, ownNats(), 'NATS');
const connection = found && (await connect({ servers: `nats://127.0.0.1:${found.port}` }));
const streams: string[] = [];

afterAll(async () => {
  if (connection === undefined) return;
  const manager = await jetstreamManager(connection);
  for (const stream of streams) await manager.streams.delete(stream);
  await connection.close();
  await found?.[Symbol.asyncDispose]();
});

(found === undefined ? describe.skip : describe)('JetStreamHistory', () => {
  const history = async (length: number, maxAgeMs = 60_000) => {
    const prefix = freshPrefix();
    streams.push(prefix);
    const made = new JetStreamHistory(connection!, prefix, { length, maxAgeMs });
    await made.open();
    const subject = `${prefix}.t.a`;
    const client = jetstream(connection!);
    const read = async (after: string | undefined) => {
      const { gap, last, more, messages } = await made.read(subject, after);
      return { gap, last, more, texts: messages.map(({ payload }) => String(payload)) };
    };
    const add = async (...texts: string[]): Promise<void> => {
      for (const text of texts) await client.publish(subject, text);
    };
    return { client, made, read, add, prefix };
  };

  it('gives what is behind an id, and gaps; another topic is none', async () => {
    const { client, made, read, add, prefix } = await history(2);
    expect(await read('0')).toEqual({ gap: false, last: '0', more: false, texts: [] });
    await add('1');
    await client.publish(`${prefix}.t.b`, 'of another topic');
    await add('2', '3');
    const [one, other, two, three] = ['1', '2', '3', '4'].map((sequence) => made.id(sequence));
    expect(await read(undefined)).toEqual({ gap: false, last: three, more: false, texts: [] });
    expect(await read(one)).toEqual({ gap: false, last: three, more: false, texts: ['2', '3'] });
    expect(await read(two)).toMatchObject({ gap: false, texts: ['3'] });
    expect(await read(three)).toMatchObject({ gap: false, texts: [] });
    expect(await read(other)).toMatchObject({ gap: true, texts: ['2', '3'] });
    expect(await read('5-1')).toMatchObject({ gap: true, texts: ['2', '3'] });
    await add('4');
    expect(await read(one)).toMatchObject({ gap: true, texts: ['3', '4'] });
  });

  it('has the same ids at each node, also where the server tells of a stream that it is still making', async () => {
    const { made, prefix } = await history(1);
    // Two nodes that start together: one of them is told of a stream that was made in the year 1.
    type Request = (subject: string, ...rest: unknown[]) => Promise<{ data: Uint8Array }>;
    const { request } = connection as unknown as { request: Request };
    const early = Object.create(connection!, {
      request: {
        value: async (subject: string, ...rest: unknown[]) => {
          const reply = await request.call(connection, subject, ...rest);
          if (!subject.includes('STREAM.CREATE')) return reply;
          const told = { ...(JSON.parse(String(reply.data)) as object), created: '0001-01-01T00:00:00Z' };
          return { data: Buffer.from(JSON.stringify(told)) };
        },
      },
    }) as NonNullable<typeof connection>;
    const other = new JetStreamHistory(early, prefix, { length: 1, maxAgeMs: 60_000 });
    await other.open();
    expect(made.id(1)).toMatch(/^\d{13}-1$/);
    expect(other.id(1)).toBe(made.id(1));
  });

  it('gives parts', async () => {
    const { read, add } = await history(600);
    await add(...Array.from({ length: 300 }, (_, i) => String(i)));
    const first = await read('0');
    expect(first).toMatchObject({ gap: false, more: true });
    const second = await read(first.last);
    expect(second).toMatchObject({ gap: false, more: false });
    expect([...first.texts, ...second.texts]).toEqual(Array.from({ length: 300 }, (_, i) => String(i)));
  });

  it('leaves out what is too old', async () => {
    const { made, read, add } = await history(5, -1_000);
    await add('1', '2');
    expect(await read(made.id(1))).toMatchObject({ gap: true, texts: [] });
    expect(await read('0')).toMatchObject({ gap: false, texts: [] });
  });

  it('goes on behind parts of which all is too old', async () => {
    const { read, add } = await history(600, 60_000);
    await add(...Array.from({ length: 300 }, (_, i) => String(i)));
    const old = Date.now() + 1;
    await until(() => Date.now() > old);
    await add('new');
    jest.spyOn(Date, 'now').mockReturnValue(old + 60_000);
    expect(await read('0')).toMatchObject({ gap: false, more: false, texts: ['new'] });
    expect(await read('1-1')).toMatchObject({ gap: true, more: false, texts: ['new'] });
  });

  it('does not take a part that did not come for the end', async () => {
    const { made, add, prefix } = await history(10);
    await add('1');
    const { client } = made as unknown as { client: JetStreamClient };
    const none: AsyncIterable<never> = (async function* () {})();
    jest.spyOn(client.consumers, 'get').mockResolvedValue({ fetch: () => Promise.resolve(none) });
    await expect(made.read(`${prefix}.t.a`, '0')).rejects.toThrow('gave none');
  });

  it('takes the stream as it is, with new bounds', async () => {
    const { prefix, add, read } = await history(5);
    await add('1', '2');
    const again = new JetStreamHistory(connection!, prefix, { length: 1, maxAgeMs: 60_000 });
    await again.open();
    expect((await again.read(`${prefix}.t.a`, '0')).messages).toHaveLength(1);
    expect((await read('0')).texts).toEqual(['1', '2']);
  });
});
