import { Readable } from 'node:stream';
import {
  concat,
  concatMap,
  filter,
  firstValueFrom,
  from,
  lastValueFrom,
  NEVER,
  of,
  Subject,
  throwError,
} from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import type { Sendable } from '../../../src/core/Data.ts';
import type { Contract } from '../contract.ts';
import { collect, plain } from './Pair.ts';

const nothing = { defaultValue: undefined };

export function fragments({ open, capabilities, large = true }: Contract): void {
  const ifCan = capabilities.fragments ? it : it.skip;

  describe('sendFragments', () => {
    (capabilities.fragments ? it.skip : it)('is refused where the platform cannot', async () => {
      const { connection, peer, wait } = await open();
      expect(collect(connection.sendFragments(['a'])).error).toMatchObject({ code: 'INVALID_ARGUMENT' });
      connection.send('alive');
      expect(await wait(peer.next())).toBe('alive');
    });

    ifCan('sends one message, from every kind of source', async () => {
      const { connection, peer, wait } = await open();
      async function* generate(): AsyncGenerator<string> {
        yield* ['as', 'yn', 'c'];
      }
      const sources: readonly (readonly [Parameters<typeof connection.sendFragments>[0], unknown])[] = [
        [['hé', '', 'llo'], 'héllo'],
        [of(Uint8Array.of(1), Uint8Array.of(2, 3)), [1, 2, 3]],
        [generate(), 'async'],
        [Promise.resolve('promised'), 'promised'],
        [Readable.from([Buffer.of(1), Buffer.of(2)]), [1, 2]],
        [new Blob(['web']).stream() as ReadableStream<Uint8Array>, [...Buffer.from('web')]],
        [[], ''],
      ];
      for (const [source, whole] of sources) {
        const sent = lastValueFrom(connection.sendFragments(source), nothing);
        expect(plain(await wait(peer.next()))).toEqual(whole);
        await wait(sent);
      }
      expect(connection.state).toBe('open');
    });

    ifCan('lets nothing between its parts: what is sent meanwhile waits behind', async () => {
      const { connection, peer, wait, arrived } = await open();
      const first = new Subject<string>();
      const second = new Subject<string>();
      const done = collect(connection.sendFragments(first));
      first.next('a');
      connection.send('behind the first');
      const next = collect(connection.sendFragments(second));
      second.next('lost: not subscribed yet');
      connection.send('behind the second');
      await arrived();
      first.next('b');
      first.complete();
      expect(done.isComplete).toBe(true);
      second.next('c');
      await arrived();
      second.next('d');
      second.complete();
      expect(next.isComplete).toBe(true);
      connection.send('last');
      for (const expected of ['ab', 'behind the first', 'cd', 'behind the second', 'last']) {
        expect(await wait(peer.next())).toBe(expected);
      }
    });

    ifCan('leaves room for pings', async () => {
      const { connection, peer, wait } = await open();
      const parts = new Subject<string>();
      connection.sendFragments(parts).subscribe();
      parts.next('a');
      expect(await wait(peer.ping('between'))).toBe('between');
      parts.next('b');
      parts.complete();
      expect(await wait(peer.next())).toBe('ab');
    });

    (large ? ifCan : it.skip)('pulls no faster than the peer reads, and loses nothing', async () => {
      const { connection, peer, wait } = await open();
      let pulled = 0;
      let returned = false;
      function* endless(): Generator<Uint8Array> {
        try {
          for (; pulled < 2_000; pulled++) yield Buffer.alloc(10_000, pulled);
        } finally {
          returned = true;
        }
      }
      peer.stop();
      const sent = collect(connection.sendFragments(endless()));
      await wait(firstValueFrom(connection.writable.pipe(filter((isWritable) => !isWritable))));
      expect(pulled).toBeLessThan(2_000);
      peer.start();
      const whole = (await wait(peer.next())) as Uint8Array;
      await wait(sent.completed);
      expect(whole.byteLength).toBe(20_000_000);
      expect([0, 10_000, 19_999_999].map((at) => whole[at])).toEqual([0, 1, 1999 & 255]);
      expect({ pulled, returned }).toEqual({ pulled: 2_000, returned: true });
    });

    ifCan.each([
      [
        'an error of its source',
        concat(
          of('a'),
          throwError(() => new Error('source')),
        ),
      ],
      ['parts of two kinds', ['a', Uint8Array.of(1)]],
      ['a part that is none', ['a', 5 as unknown as Sendable]],
    ])('closes with 1011 on %s', async (_name, source) => {
      const { connection, peer, wait } = await open();
      const sent = collect(connection.sendFragments(source));
      connection.send('behind half a message');
      expect(sent.error).toBeDefined();
      expect(await wait(peer.closed)).toEqual({ code: 1011, reason: '' });
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({
        code: 1011,
        by: 'local',
        wasClean: true,
        error: sent.error,
      });
    });

    ifCan('closes with 1011 on unsubscribe midway, and sends nothing of what waited behind', async () => {
      const { connection, peer, wait } = await open();
      const dropped = collect(connection.dropped);
      const sending = collect(connection.sendFragments(concat(of('half'), NEVER)));
      connection.send('behind');
      sending.subscription.unsubscribe();
      expect(await wait(peer.closed)).toEqual({ code: 1011, reason: '' });
      await wait(dropped.completed);
      expect(dropped.values).toEqual([{ count: 1, bytes: 6 }]);
    });

    ifCan('does no harm where nothing was sent yet: an error, a wrong part, an unsubscribe', async () => {
      const { connection, peer, wait } = await open();
      const failing = collect(connection.sendFragments(throwError(() => new Error('early'))));
      expect(failing.error).toMatchObject({ message: 'early' });
      expect(collect(connection.sendFragments([{} as Sendable])).error).toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
      connection.sendFragments(NEVER).subscribe().unsubscribe();
      const turn = collect(connection.sendFragments(NEVER));
      connection.sendFragments(['never begun']).subscribe().unsubscribe();
      turn.subscription.unsubscribe();
      connection.send('alive');
      expect(await wait(peer.next())).toBe('alive');
    });

    ifCan('errors where the connection is lost, and tells nobody else', async () => {
      const { connection, peer, wait, errors } = await open();
      const parts = new Subject<string>();
      const sent = collect(connection.sendFragments(parts));
      const waiting = collect(connection.sendFragments(['turn']));
      parts.next('half');
      peer.cut();
      await wait(firstValueFrom(connection.closed));
      for (const { error } of [sent, waiting])
        expect(error).toMatchObject({ code: 'CONNECTION_CLOSED', close: { code: 1006 } });
      expect(parts.observed).toBe(false);
      expect(errors).toEqual([]);
    });

    ifCan('gets the rest of its message out before a close', async () => {
      const { connection, peer, wait } = await open();
      const parts = new Subject<string>();
      const sent = collect(connection.sendFragments(parts));
      parts.next('a');
      connection.close(4000);
      parts.next('b');
      parts.complete();
      expect(await wait(peer.next())).toBe('ab');
      expect(await wait(peer.closed)).toMatchObject({ code: 4000 });
      expect(sent.isComplete).toBe(true);
    });

    ifCan('gives many their turns, one after the other', async () => {
      const { connection, peer, wait } = await open();
      const sent = from(Array.from({ length: 500 }, (_, n) => n)).pipe(
        concatMap((n) => connection.sendFragments([`${n}`, '!'])),
      );
      const all = lastValueFrom(sent, nothing);
      for (let n = 0; n < 500; n++) connection.sendFragments([`${n}`, '?']).subscribe();
      await wait(all);
      for (let n = 0; n < 500; n++) expect(await wait(peer.next())).toBe(`${n}!`);
      for (let n = 0; n < 500; n++) expect(await wait(peer.next())).toBe(`${n}?`);
    });
  });
}
