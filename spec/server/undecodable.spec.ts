// A message that cannot be decoded on a server: what it does to its connection, and that it does nothing to another.
import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { map, retry } from 'rxjs';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { json } from '../../src/codecs/json.ts';
import { handle } from '../../src/server/handle.ts';
import { wsPeer } from '../transports/ws/wsPeer.ts';
import { serving } from './serving.ts';

const schema = z.object({ n: z.number() });
const codec = json({ in: schema, out: schema });
const wrong = '{"n":"secret"}';

async function client(url: string): Promise<ReturnType<typeof wsPeer>> {
  const ws = new WebSocket(url);
  const peer = wsPeer(ws);
  await once(ws, 'open');
  return peer;
}

describe('on a server, a message of a wrong shape', () => {
  it.each(['close', 'error'] as const)(
    'closes its connection with 1007 and no other: %s',
    async (undecodable) => {
      const errors: unknown[] = [];
      using server = await serving(
        { codec, undecodable, onError: (error) => errors.push(error) },
        handle(({ messages }) => messages),
      );
      const [one, other] = [await client(server.url), await client(server.url)];
      one.send('{"n":1}', wrong, '{"n":2}');
      expect(await one.next()).toBe('{"n":1}');
      const { code, reason } = await one.closed;
      expect({ code, reason }).toEqual({ code: 1007, reason: 'the message does not fit its schema' });
      const error = expect.objectContaining({
        code: 'DECODE',
        issues: [expect.objectContaining({ path: ['n'] })],
      });
      expect(await server.emitted.next()).toMatchObject({ close: { code: 1007, error } });
      expect(errors).toEqual([error]);
      other.send('{"n":3}');
      expect(await other.next()).toBe('{"n":3}');
    },
  );

  it.each([
    ['is skipped', 'skip', 1],
    ['is read on behind', 'error', 0],
  ] as const)('%s, and nobody else hears of it', async (_, undecodable, told) => {
    const errors: unknown[] = [];
    using server = await serving(
      { codec, undecodable, onError: (error) => errors.push(error) },
      handle(({ messages }) =>
        messages.pipe(
          map(({ n }) => ({ n: n + 1 })),
          retry(),
        ),
      ),
    );
    const peer = await client(server.url);
    peer.send('{"n":1}', wrong, '{"n":2}');
    expect([await peer.next(), await peer.next()]).toEqual(['{"n":2}', '{"n":3}']);
    expect(errors).toHaveLength(told);
  });
});
