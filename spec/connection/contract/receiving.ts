import { Buffer } from 'node:buffer';
import { concatMap, firstValueFrom, map, merge, of, take } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import type { Data } from '../../../src/core/Data.ts';
import type { Contract } from '../contract.ts';
import { collect, plain } from './Pair.ts';

const EVERY_KIND: readonly (readonly [string, Data])[] = [
  ['text', 'hello'],
  ['text beyond ASCII', 'héllo 👩‍👩‍👧'],
  ['empty text', ''],
  ['bytes', Uint8Array.of(0, 1, 254, 255)],
  ['no bytes', Uint8Array.of()],
  ['100 KiB of text', 'é'.repeat(51_200)],
  ['100 KiB of bytes', Buffer.alloc(102_400, 'rxjs-ws')],
];

export function receiving({ open, large = true }: Contract): void {
  const kinds = EVERY_KIND.filter(([, data]) => large || data.length < 16_384);

  describe('receiving', () => {
    it.each(kinds)('gets %s', async (_name, data) => {
      const { connection, peer, wait } = await open();
      const first = firstValueFrom(connection.messages);
      peer.send(data);
      const got = await wait(first);
      expect(typeof got).toBe(typeof data);
      expect(plain(got)).toEqual(plain(data));
    });

    it('keeps the order of text and bytes', async () => {
      const { connection, peer, wait } = await open();
      const sent = Array.from({ length: 300 }, (_, n) => (n % 3 === 0 ? Uint8Array.of(n >> 8, n) : `${n}`));
      const got = collect(connection.messages.pipe(take(300)));
      for (let n = 0; n < 300; n += 10) peer.send(...sent.slice(n, n + 10));
      await wait(got.completed);
      expect(got.values.map(plain)).toEqual(sent.map(plain));
    });

    it('gives each half its kind', async () => {
      const { connection, peer, wait } = await open();
      const text = collect(connection.text.pipe(take(2)));
      const binary = collect(connection.binary.pipe(take(2)));
      peer.send('a', Uint8Array.of(1), 'b', Uint8Array.of(2));
      await wait(Promise.all([text.completed, binary.completed]));
      expect(text.values).toEqual(['a', 'b']);
      expect(binary.values.map(plain)).toEqual([[1], [2]]);
    });

    it('loses nothing before the first subscription, and delivers nothing inside it', async () => {
      const { connection, peer, wait, arrived } = await open();
      peer.send('a', 'b');
      await arrived();
      const late = collect(connection.messages.pipe(take(3)));
      expect(late.values).toEqual([]);
      peer.send('c');
      await wait(late.completed);
      expect(late.values).toEqual(['a', 'b', 'c']);
    });

    it('loses nothing that came before the close, for who subscribes after it', async () => {
      const { connection, peer, wait } = await open();
      peer.send('a', 'b', 'c');
      peer.close(4000);
      await wait(firstValueFrom(connection.closed));
      const late = collect(connection.messages);
      expect(late.values).toEqual([]);
      await wait(late.completed);
      expect(late.values).toEqual(['a', 'b', 'c']);
    });

    it('loses nothing between two readers', async () => {
      const { connection, peer, wait, arrived } = await open();
      peer.send('a', 'b', 'c', 'd');
      expect(await wait(firstValueFrom(connection.messages))).toBe('a');
      await arrived();
      expect(await wait(firstValueFrom(connection.text))).toBe('b');
      const rest = collect(connection.messages.pipe(take(2)));
      await wait(rest.completed);
      expect(rest.values).toEqual(['c', 'd']);
    });

    it('gives everything to merge, and to two subscriptions in a row', async () => {
      const { connection, peer, wait, arrived } = await open();
      peer.send('a', Uint8Array.of(1), 'b');
      await arrived();
      const merged = collect(merge(connection.text, connection.binary).pipe(take(4), map(plain)));
      const all = collect(connection.messages.pipe(take(4), map(plain)));
      peer.send('c');
      await wait(Promise.all([merged.completed, all.completed]));
      expect(merged.values).toEqual(['a', [1], 'b', 'c']);
      expect(all.values).toEqual(merged.values);
    });

    it('reads on inside a delivery: send, subscribe, unsubscribe', async () => {
      const { connection, peer, wait } = await open();
      const seen: string[] = [];
      const leaver = connection.text.subscribe((text) => {
        seen.push(`leaver ${text}`);
        leaver.unsubscribe();
        connection.send(`re: ${text}`);
        connection.text.subscribe((late) => seen.push(`late ${late}`));
      });
      const stayer = collect(connection.text.pipe(take(2)));
      peer.send('a', 'b');
      expect(await wait(peer.next())).toBe('re: a');
      await wait(stayer.completed);
      expect(stayer.values).toEqual(['a', 'b']);
      expect(seen).toEqual(['leaver a', 'late b']);
    });

    it.each(['close', 'terminate'] as const)('delivers nothing after %s inside a delivery', async (end) => {
      const { connection, peer, wait } = await open();
      const got = collect(connection.messages);
      connection.messages.pipe(take(1)).subscribe(() => connection[end]());
      peer.send('a', 'b', 'c');
      await wait(got.completed);
      expect(got.values).toEqual(['a']);
    });

    it('isolates siblings: one that fails inside its operators changes nothing', async () => {
      const { connection, peer, wait } = await open();
      const failing = collect(
        connection.messages.pipe(
          map(() => {
            throw new Error('inside');
          }),
        ),
      );
      const sibling = collect(connection.messages.pipe(take(2)));
      peer.send('a', 'b');
      await wait(sibling.completed);
      expect(failing.error).toMatchObject({ message: 'inside' });
      expect(sibling.values).toEqual(['a', 'b']);
      expect(connection.state).toBe('open');
    });

    it('works destructured, and through operators that subscribe late', async () => {
      const { connection, peer, wait } = await open();
      const { messages, send } = connection;
      const got = collect(
        messages.pipe(
          concatMap((first) => of(first)),
          take(1),
        ),
      );
      peer.send('a');
      await wait(got.completed);
      expect(send('b')).toBe(true);
      expect(await wait(peer.next())).toBe('b');
    });

    it('closes with 1008 where nobody reads', async () => {
      const { connection, peer, wait, pass, arrived, closeSeen } = await open({ unreadTimeoutMs: 20 });
      const frames = collect(connection.frames);
      await pass(1_000);
      peer.send('unread');
      await arrived();
      await pass(19);
      expect(connection.state).toBe('open');
      await pass(1);
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({
        code: 1008,
        reason: 'messages are not read',
        by: 'local',
        wasClean: true,
        error: { code: 'CLOSE', closeCode: 1008 },
      });
      await closeSeen({ code: 1008, reason: 'messages are not read' });
      const texts = frames.values.filter(({ kind }) => kind === 'text');
      expect(texts).toEqual([{ kind: 'text', data: 'unread' }]);
    });
  });
}
