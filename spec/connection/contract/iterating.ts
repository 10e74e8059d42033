import { firstValueFrom } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import type { Contract } from '../contract.ts';
import { collect } from './Pair.ts';

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of source) values.push(value);
  return values;
}

export function iterating({ open }: Contract): void {
  describe('for await', () => {
    it('gets all, in order, and ends with a clean close', async () => {
      const { connection, peer, wait } = await open();
      const reading = all(connection);
      peer.send('a', 'b');
      peer.send('c');
      peer.close(4000);
      expect(await wait(reading)).toEqual(['a', 'b', 'c']);
    });

    it('throws where the connection was lost, after what had arrived', async () => {
      const { connection, peer, wait, arrived } = await open();
      const iterator = connection[Symbol.asyncIterator]();
      peer.send('a', 'b');
      await arrived();
      peer.cut();
      await wait(firstValueFrom(connection.closed));
      expect(await wait(iterator.next())).toEqual({ done: false, value: 'a' });
      expect(await wait(iterator.next())).toEqual({ done: false, value: 'b' });
      const lost = wait(iterator.next());
      await expect(lost).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', close: { code: 1006 } });
      expect(await wait(iterator.next())).toEqual({ done: true, value: undefined });
    });

    it('throws inside the loop that waits', async () => {
      const { connection, peer, wait } = await open();
      const reading = wait(all(connection));
      peer.cut();
      await expect(reading).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    });

    it('holds between, so that nothing arrives that was not asked for', async () => {
      const { connection, peer, wait, arrived } = await open();
      const iterator = connection[Symbol.asyncIterator]();
      const sibling = collect(connection.messages);
      const reading = collect(connection.reading);
      peer.send('a', 'b');
      await arrived();
      expect(sibling.values).toEqual([]);
      expect(await wait(iterator.next())).toEqual({ done: false, value: 'a' });
      await arrived();
      expect(sibling.values).toEqual(['a']);
      expect(reading.values).toEqual([false, true, false]);
    });

    it('stops reading and does not close when the loop is left', async () => {
      const { connection, peer, wait, arrived } = await open();
      peer.send('a', 'b');
      const leave = async (): Promise<unknown> => {
        for await (const message of connection) return message;
        return undefined;
      };
      expect(await wait(leave())).toBe('a');
      await arrived();
      expect(connection.state).toBe('open');
      expect(await wait(firstValueFrom(connection.reading))).toBe(true);
      expect(await wait(leave())).toBe('b');
    });

    it('answers all who ask at once', async () => {
      const { connection, peer, wait } = await open();
      const iterator = connection[Symbol.asyncIterator]();
      const asked = Promise.all([iterator.next(), iterator.next(), iterator.next()]);
      peer.send('a', 'b');
      peer.close();
      expect(await wait(asked)).toEqual([
        { done: false, value: 'a' },
        { done: false, value: 'b' },
        { done: true, value: undefined },
      ]);
    });

    it('answers who waits when it is returned, and lets go of its hold', async () => {
      const { connection, peer, wait } = await open();
      const iterator = connection[Symbol.asyncIterator]();
      const asked = iterator.next();
      await wait(iterator.return!());
      expect(await wait(asked)).toEqual({ done: true, value: undefined });
      peer.send('a');
      expect(await wait(firstValueFrom(connection.messages))).toBe('a');
    });

    it('ends at once on a connection that has ended', async () => {
      const { connection, peer, wait } = await open();
      peer.close();
      await wait(firstValueFrom(connection.closed));
      expect(await wait(all(connection))).toEqual([]);
    });
  });
}
