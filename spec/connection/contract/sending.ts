import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { filter, firstValueFrom } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import type { Sendable } from '../../../src/core/Data.ts';
import { Prepared } from '../../../src/core/Prepared.ts';
import type { Contract } from '../contract.ts';
import { collect, plain } from './Pair.ts';

const { buffer: sixteen } = Uint8Array.from({ length: 16 }, (_, n) => n);
const EVERY_KIND: readonly (readonly [string, Sendable, unknown])[] = [
  ['text', 'hello', 'hello'],
  ['text beyond ASCII', 'héllo 👩‍👩‍👧', 'héllo 👩‍👩‍👧'],
  ['empty text', '', ''],
  ['a lone surrogate, replaced', 'a\ud800b', 'a\ufffdb'],
  ['a Uint8Array', Uint8Array.of(1, 2), [1, 2]],
  ['no bytes', new Uint8Array(), []],
  ['a Buffer', Buffer.from('héllo'), [...Buffer.from('héllo')]],
  ['an ArrayBuffer', sixteen.slice(4, 6), [4, 5]],
  ['a DataView', new DataView(sixteen, 3, 4), [3, 4, 5, 6]],
  ['a Uint16Array with an offset', new Uint16Array(sixteen, 2, 2), [2, 3, 4, 5]],
  ['100 KiB of text', 'é'.repeat(51_200), 'é'.repeat(51_200)],
  ['100 KiB of bytes', Buffer.alloc(102_400, 7), Array<number>(102_400).fill(7)],
];
const WRONG: readonly (readonly [string, unknown])[] = [
  ['an object', {}],
  ['an array', ['a']],
  ['a number', 5],
  ['null', null],
  ['undefined', undefined],
  ['a function', () => 'a'],
];

/** Sends until a message is not taken. */
function fill(send: (message: string) => boolean, message: string): number {
  let taken = 0;
  while (taken < 10_000 && send(message)) taken++;
  return taken;
}

export function sending({ open, closeCodes, burstBytes = 1_250_000, large = true }: Contract): void {
  const kinds = EVERY_KIND.filter(([name]) => large || !name.startsWith('100 KiB'));
  const ifLarge = large ? it : it.skip;
  const largest = large ? 20_000 : 10_000;

  describe('sending', () => {
    it.each(kinds)('sends %s', async (_name, data, expected) => {
      const { connection, peer, wait } = await open();
      expect(connection.send(data)).toBe(true);
      expect(plain(await wait(peer.next()))).toEqual(expected);
    });

    it('keeps the order of text and bytes, small and large, sent in one turn and in several', async () => {
      const { connection, peer, wait, arrived } = await open();
      const sent = Array.from({ length: 120 }, (_, n) => {
        const text = `${n} ${'x'.repeat(n % 17 === 0 ? largest : n)}`;
        return n % 4 === 0 ? Buffer.from(text) : text;
      });
      for (const [n, data] of sent.entries()) {
        connection.send(data);
        if (n % 50 === 0) await arrived();
      }
      for (const data of sent) expect(plain(await wait(peer.next()))).toEqual(plain(data));
    });

    it('sends what was prepared, to several, each time the same', async () => {
      const [a, b] = [await open(), await open()];
      const text = new Prepared<Sendable>('héllo', 'héllo');
      const bytes = new Prepared<Sendable>(Uint8Array.of(1), Uint8Array.of(1));
      for (const { connection, peer, wait } of [a, b, a]) {
        connection.send(text);
        connection.send('between');
        connection.send(bytes);
        expect([await wait(peer.next()), await wait(peer.next()), plain(await wait(peer.next()))]).toEqual([
          'héllo',
          'between',
          [1],
        ]);
      }
    });

    it.each(WRONG)('refuses %s, and lives', async (_name, wrong) => {
      const { connection, peer, wait, errors } = await open();
      expect(() => connection.send(wrong as string)).toThrow(
        expect.objectContaining({ name: 'InvalidArgumentError', code: 'INVALID_ARGUMENT' }),
      );
      connection.send('alive');
      expect(await wait(peer.next())).toBe('alive');
      expect(errors).toEqual([]);
    });

    it('counts what has not left, in bytes', async () => {
      const { connection, peer, wait } = await open();
      expect(connection.bufferedBytes).toBe(0);
      connection.send('héllo');
      connection.send(Uint8Array.of(1, 2));
      expect(connection.bufferedBytes).toBe(8);
      await wait(peer.next());
      await wait(peer.next());
      expect(connection.bufferedBytes).toBe(0);
    });

    ifLarge('is writable until bytes stay behind, and again when they have left', async () => {
      const { connection, peer, wait } = await open({ maxQueuedBytes: Infinity });
      const writable = collect(connection.writable);
      expect(writable.values).toEqual([true]);
      peer.stop();
      const message = 'x'.repeat(60_000);
      let count = 0;
      for (; writable.values.at(-1) && count < 10_000; count++) expect(connection.send(message)).toBe(true);
      expect(writable.values).toEqual([true, false]);
      peer.start();
      await wait(firstValueFrom(connection.writable.pipe(filter(Boolean))));
      expect(writable.values).toEqual([true, false, true]);
      for (; count > 0; count--) expect(await wait(peer.next())).toBe(message);
    });

    ifLarge('takes a burst in one turn to a peer that reads', async () => {
      const { connection, peer, wait } = await open();
      const message = 'x'.repeat(10_000);
      const count = Math.floor(burstBytes / message.length);
      for (let n = 0; n < count; n++) expect(connection.send(message)).toBe(true);
      for (let n = 0; n < count; n++) await wait(peer.next());
      expect(connection.state).toBe('open');
    });

    it('closes with 1013 past the bound of its queue; what was not sent is reported, nothing follows', async () => {
      const { connection, peer, wait, pass } = await open({ maxQueuedBytes: 200_000 });
      peer.stop();
      const dropped = collect(connection.dropped);
      expect(fill(connection.send, 'x'.repeat(50_000))).toBeGreaterThan(4);
      expect(connection.state).toBe('closing');
      expect(connection.send('more')).toBe(false);
      // What the peer has to read the close frame.
      await pass(1_000);
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({
        code: 1013,
        by: 'local',
        wasClean: false,
        error: { code: 'CLOSE', message: expect.any(String) },
      });
      expect(dropped.values).toEqual([{ count: 5, bytes: 250_000 }]);
      expect(dropped.isComplete).toBe(true);
    });

    it('closes with 1013 where the peer reads nothing for too long', async () => {
      const { connection, peer, wait, pass } = await open({ stalledTimeoutMs: 30, maxQueuedBytes: Infinity });
      peer.stop();
      const writable = collect(connection.writable);
      const message = randomBytes(60_000);
      // Megabytes may fit into the buffers of the system before nothing moves any more.
      while (connection.state === 'open') {
        if (writable.values.at(-1)) connection.send(message);
        else await pass(30);
      }
      await pass(1_000);
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({
        code: 1013,
        by: 'local',
        wasClean: false,
      });
    });

    // A page is not told of a close before it is over.
    (closeCodes === undefined && large ? it : it.skip)(
      'writes what fits when the peer closes, and reports what it leaves behind',
      async () => {
        const { connection, peer, wait } = await open({ maxQueuedBytes: Infinity });
        const dropped = collect(connection.dropped);
        const writable = collect(connection.writable);
        const message = 'x'.repeat(60_000);
        peer.stop();
        let sent = 0;
        for (; writable.values.at(-1); sent++) connection.send(message);
        peer.close(4000);
        await wait(dropped.completed);
        expect(connection.send('z')).toBe(false);
        const [{ count, bytes }] = dropped.values as [{ count: number; bytes: number }];
        expect(count).toBeGreaterThan(0);
        expect(bytes).toBe(count * message.length);
        peer.start();
        for (let n = count; n < sent; n++) expect(await wait(peer.next())).toBe(message);
        expect(await wait(firstValueFrom(connection.closed))).toMatchObject({
          code: 4000,
          wasClean: true,
          by: 'peer',
        });
        await expect(wait(peer.next())).rejects.toThrow();
      },
    );
  });
}
