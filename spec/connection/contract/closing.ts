import { firstValueFrom, lastValueFrom } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import type { Contract } from '../contract.ts';
import { collect } from './Pair.ts';

const openMs: unknown = expect.any(Number);

export function closing({ open, closeCodes }: Contract): void {
  describe('closing', () => {
    it('by the peer: how it ended, once, for early and late', async () => {
      const { connection, peer, wait } = await open();
      const info = { code: 4000, reason: 'grüße', wasClean: true, by: 'peer', openMs };
      const { closed } = connection;
      const early = collect(closed);
      const ends = [
        connection.messages,
        connection.text,
        connection.frames,
        connection.writable,
        connection.dropped,
      ];
      const completed = ends.map((stream) => collect<unknown>(stream).completed);
      expect(connection.state).toBe('open');
      peer.close(4000, 'grüße');
      await wait(Promise.all([early.completed, ...completed]));
      expect(early.values).toEqual([info]);
      expect(connection.state).toBe('closed');
      for (const late of [collect(closed), collect(connection.closed)]) {
        expect(late).toMatchObject({ values: [info], isComplete: true });
      }
      for (const stream of ends) await wait(collect<unknown>(stream).completed);
    });

    it('by the peer without a code: 1005', async () => {
      const { connection, peer, wait } = await open();
      peer.close();
      expect(await wait(firstValueFrom(connection.closed))).toEqual({
        code: 1005,
        reason: '',
        wasClean: true,
        by: 'peer',
        openMs,
      });
    });

    it('from here: the peer gets code and reason', async () => {
      const { connection, peer, wait, errors } = await open();
      connection.close(4000, 'grüße');
      expect(connection.state).toBe('closing');
      expect(await wait(peer.closed)).toEqual({ code: 4000, reason: 'grüße' });
      expect(await wait(firstValueFrom(connection.closed))).toEqual({
        code: 4000,
        reason: 'grüße',
        wasClean: true,
        by: 'local',
        openMs,
      });
      expect(errors).toEqual([]);
    });

    it('from here: 1000 if nothing is said, and the first call counts', async () => {
      const { connection, peer, wait } = await open();
      connection.close();
      connection.close(4000, 'too late');
      expect(await wait(peer.closed)).toEqual({ code: 1000, reason: '' });
      expect(await wait(lastValueFrom(connection.closed))).toMatchObject({
        code: 1000,
        reason: '',
        by: 'local',
      });
      connection.close();
      connection.terminate();
    });

    it('from here: all that was sent goes first', async () => {
      const { connection, peer, wait } = await open();
      const sent = Array.from({ length: 100 }, (_, n) => `${n} ${'x'.repeat(n * 20)}`);
      for (const message of sent) expect(connection.send(message)).toBe(true);
      connection.close(4000);
      expect(connection.send('behind the close')).toBe(false);
      for (const message of sent) expect(await wait(peer.next())).toBe(message);
      expect(await wait(peer.closed)).toMatchObject({ code: 4000 });
    });

    it('from here: nothing is delivered any more, the rest of a chunk neither', async () => {
      const { connection, peer, wait } = await open();
      const got = collect(connection.messages);
      connection.close();
      peer.send('a', 'b');
      await wait(got.completed);
      expect(got.values).toEqual([]);
    });

    it('cut: lost, and the owner knows before messages completes', async () => {
      const { connection, peer, wait } = await open();
      const events: string[] = [];
      const messages = collect(connection.messages);
      connection.messages.subscribe({ complete: () => events.push('complete') });
      connection.closed.subscribe(() => events.push('owner'));
      connection.closed.subscribe(() => events.push('closed'));
      peer.cut();
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({
        code: 1006,
        reason: '',
        wasClean: false,
        by: 'network',
      });
      await wait(messages.completed);
      expect(events).toEqual(['owner', 'closed', 'complete']);
    });

    it('terminate: lost at once, by this end', async () => {
      const { connection, wait, closeSeen } = await open();
      const messages = collect(connection.messages);
      connection.send('never mind');
      connection.terminate();
      expect(connection.send('a')).toBe(false);
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({
        code: 1006,
        wasClean: false,
        by: 'local',
      });
      await wait(messages.completed);
      await closeSeen({ code: 1006, reason: '' });
    });

    it.each([1005, 1006, 999, 1015, 1.5, 5000, Number.NaN])('refuses to close with %d', async (code) => {
      const { connection, peer, wait } = await open();
      expect(() => connection.close(code)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
      expect(connection.state).toBe('open');
      expect(connection.send('alive')).toBe(true);
      expect(await wait(peer.next())).toBe('alive');
    });

    it('refuses a reason of 124 bytes, and sends one of 123', async () => {
      const { connection, peer, wait } = await open();
      expect(() => connection.close(4000, 'é'.repeat(62))).toThrow(/123 bytes in UTF-8, not 124/);
      expect(connection.state).toBe('open');
      connection.close(4000, `${'é'.repeat(61)}!`);
      expect(await wait(peer.closed)).toEqual({ code: 4000, reason: `${'é'.repeat(61)}!` });
    });

    it('cuts where the peer does not answer', async () => {
      const { connection, peer, wait, pass } = await open({ closeTimeoutMs: 30 });
      peer.stop();
      connection.close(4000, 'hello?');
      await pass(29);
      expect(connection.state).toBe('closing');
      await pass(1);
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({
        code: 4000,
        reason: 'hello?',
        wasClean: false,
        by: 'local',
        openMs: 30,
      });
    });

    it('takes nothing more, and asks for nothing, once it has ended', async () => {
      const { connection, peer, wait } = await open();
      peer.close(4000);
      await wait(firstValueFrom(connection.closed));
      expect(connection.send('late')).toBe(false);
      expect(connection.bufferedBytes).toBe(0);
      connection.hold().unsubscribe();
      connection.close();
      connection.terminate();
      const { ping, fragments } = connection.capabilities;
      const late = [
        ...(ping ? [connection.ping()] : []),
        ...(fragments ? [connection.sendFragments(['part'])] : []),
      ];
      for (const asked of late) {
        expect(collect<unknown>(asked).error).toMatchObject({
          code: 'CONNECTION_CLOSED',
          close: { code: 4000, by: 'peer' },
        });
      }
      expect(connection.state).toBe('closed');
    });

    it('is what `await using` does', async () => {
      const { connection, peer, wait } = await open();
      const scope = async (): Promise<void> => {
        await using mine = connection;
        mine.send('inside');
      };
      await wait(scope());
      expect(connection.state).toBe('closed');
      expect(await wait(peer.next())).toBe('inside');
      expect(await wait(peer.closed)).toEqual({ code: 1000, reason: '' });
    });

    it('keeps the code that this end meant, though a page may not send it', async () => {
      const { connection, peer, wait } = await open();
      connection.close(1001, '');
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({
        code: 1001,
        by: 'local',
        wasClean: true,
      });
      const { code } = await wait(peer.closed);
      expect(code === 1001).toBe(closeCodes === undefined || closeCodes.includes(1001));
    });
  });
}
