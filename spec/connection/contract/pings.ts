import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import type { Contract } from '../contract.ts';
import { collect, plain } from './Pair.ts';

export function pings({ open, capabilities }: Contract): void {
  const ifCan = capabilities.ping ? it : it.skip;

  describe('pings', () => {
    it('says whether it can', async () => {
      const { connection } = await open();
      expect(connection.capabilities).toEqual(capabilities);
      const { error } = collect(connection.ping());
      expect(error).toEqual(
        capabilities.ping ? undefined : expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
    });

    ifCan('tells how long the answer took, for each subscription', async () => {
      const { connection, wait } = await open();
      const ping = connection.ping();
      for (const pinging of [
        ping,
        ping,
        connection.ping('mine'),
        connection.ping(Uint8Array.of(0, 255)),
        connection.ping(''),
      ]) {
        const tripMs = await wait(lastValueFrom(pinging.pipe(toArray())));
        expect(tripMs).toEqual([expect.any(Number)]);
        expect(tripMs[0]).toBeGreaterThanOrEqual(0);
      }
    });

    ifCan('tells pings with the same payload apart', async () => {
      const { connection, wait } = await open();
      const trips = [collect(connection.ping('same')), collect(connection.ping('same'))];
      await wait(Promise.all(trips.map(({ completed }) => completed)));
      expect(trips.map(({ values }) => values.length)).toEqual([1, 1]);
    });

    ifCan('refuses 126 bytes, and lives', async () => {
      const { connection, peer, wait } = await open();
      expect(collect(connection.ping('é'.repeat(63))).error).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('126'),
      });
      expect(collect(connection.ping({} as string)).error).toMatchObject({ code: 'INVALID_ARGUMENT' });
      const longest = collect(connection.ping('x'.repeat(125)));
      await wait(longest.completed);
      connection.send('alive');
      expect(await wait(peer.next())).toBe('alive');
    });

    ifCan('errors where the connection ends first', async () => {
      const { connection, peer, wait } = await open();
      peer.stop();
      const pinging = collect(connection.ping());
      const left = collect(connection.ping());
      left.subscription.unsubscribe();
      connection.terminate();
      await wait(firstValueFrom(connection.closed));
      expect(pinging.error).toMatchObject({ code: 'CONNECTION_CLOSED', close: { code: 1006 } });
      expect(left).toMatchObject({ error: undefined, isComplete: false });
    });
  });

  describe('frames', () => {
    it('only watches: what it has shown still waits for a reader', async () => {
      const { connection, peer, wait, arrived } = await open();
      const frames = collect(connection.frames);
      const hold = connection.hold();
      peer.send('a', Uint8Array.of(1));
      await arrived();
      hold.unsubscribe();
      await arrived();
      const messages = frames.values.filter(({ kind }) => kind === 'text' || kind === 'binary');
      expect(messages.map(({ kind, data }) => [kind, plain(data)])).toEqual([
        ['text', 'a'],
        ['binary', [1]],
      ]);
      const got = collect(connection.messages.pipe(take(2)));
      await wait(got.completed);
      expect(got.values.map(plain)).toEqual(['a', [1]]);
    });

    ifCan('shows pings and pongs', async () => {
      const { connection, peer, wait } = await open();
      const frames = collect(connection.frames.pipe(take(2)));
      expect(await wait(peer.ping('from the peer'))).toBe('from the peer');
      await wait(lastValueFrom(connection.ping('to the peer')));
      await wait(frames.completed);
      expect(
        frames.values.map(({ kind, data }) => [kind, String.fromCharCode(...(data as Uint8Array))]),
      ).toEqual([
        ['ping', 'from the peer'],
        ['pong', 'to the peer'],
      ]);
    });

    ifCan('go on under a hold', async () => {
      const { connection, peer, wait } = await open();
      connection.hold();
      peer.send('held');
      expect(await wait(peer.ping('a'))).toBe('a');
      await wait(lastValueFrom(connection.ping()));
      connection.send('out');
      expect(await wait(peer.next())).toBe('out');
    });
  });
}
