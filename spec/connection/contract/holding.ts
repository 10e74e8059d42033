import { firstValueFrom, take } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import type { Contract } from '../contract.ts';
import { collect } from './Pair.ts';

export function holding({ open, capabilities, large = true }: Contract): void {
  describe('holding', () => {
    it('delivers nothing until every hold was released, each once', async () => {
      const { connection, peer, wait, arrived } = await open();
      const got = collect(connection.messages.pipe(take(2)));
      const [first, second] = [connection.hold(), connection.hold()];
      peer.send('a', 'b');
      await arrived();
      first.unsubscribe();
      first.unsubscribe();
      first[Symbol.dispose]();
      await arrived();
      expect(got.values).toEqual([]);
      second[Symbol.dispose]();
      expect(got.values).toEqual([]);
      await wait(got.completed);
      expect(got.values).toEqual(['a', 'b']);
    });

    it('taken inside a delivery lets that message reach everybody, and no other', async () => {
      const { connection, peer, wait, arrived } = await open();
      let release = (): void => {};
      connection.messages.pipe(take(1)).subscribe(() => {
        const hold = connection.hold();
        release = () => hold.unsubscribe();
      });
      const got = collect(connection.messages.pipe(take(2)));
      peer.send('a', 'b');
      await arrived();
      expect(got.values).toEqual(['a']);
      release();
      await wait(got.completed);
      expect(got.values).toEqual(['a', 'b']);
    });

    it('says so on `reading`, which completes with the connection', async () => {
      const { connection, peer, wait } = await open();
      const reading = collect(connection.reading);
      const first = connection.hold();
      const second = connection.hold();
      first.unsubscribe();
      second.unsubscribe();
      connection.hold();
      peer.close();
      await wait(reading.completed);
      expect(reading.values).toEqual([true, false, true, false]);
    });

    it('lets messages outlive the socket: closed at once, then they follow, then the end', async () => {
      const { connection, peer, wait, arrived } = await open();
      const events: string[] = [];
      connection.closed.subscribe(({ code }) => events.push(`closed ${code}`));
      connection.messages.subscribe({
        next: (data) => events.push(data as string),
        complete: () => events.push('complete'),
      });
      const hold = connection.hold();
      peer.send('a', 'b');
      await arrived();
      peer.close(4001);
      await wait(firstValueFrom(connection.closed));
      await wait(Promise.resolve());
      expect(events).toEqual(['closed 4001']);
      hold.unsubscribe();
      await wait(firstValueFrom(connection.messages, { defaultValue: '' }));
      expect(events).toEqual(['closed 4001', 'a', 'b', 'complete']);
    });

    (large ? it : it.skip)('does not delay a close from here', async () => {
      const { connection, peer, wait, arrived } = await open();
      connection.hold();
      peer.send('x'.repeat(100_000), 'y');
      if (!capabilities.hold) await arrived();
      connection.close(4002, 'enough');
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({
        code: 4002,
        wasClean: true,
        by: 'local',
      });
      expect(await wait(peer.closed)).toEqual({ code: 4002, reason: 'enough' });
    });

    it('is not counted as unread', async () => {
      const { connection, peer, wait, pass, arrived } = await open({ unreadTimeoutMs: 20 });
      const hold = connection.hold();
      peer.send('a');
      await arrived();
      await pass(1_000);
      hold.unsubscribe();
      await pass(19);
      expect(connection.state).toBe('open');
      await pass(1);
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({ code: 1008 });
    });
  });
}
