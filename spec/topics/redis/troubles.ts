import { describe, expect, it } from '@jest/globals';
import { filter, firstValueFrom } from 'rxjs';
import { text } from '../../../src/codecs/text.ts';
import type { Bus } from '../../../src/topics/Bus.ts';
import type { HistoryConfig } from '../../../src/topics/HistoryConfig.ts';
import { topics } from '../../../src/topics/topics.ts';
import { listening } from '../remote/contract.ts';
import { ownRedis } from '../servers.ts';

export interface TroublesCase {
  bus(config: { port: number; history: HistoryConfig; maxPendingBytes: number }): Bus;
  ask(port: number, command: string, ...args: string[]): Promise<unknown>;
}

/** A Redis that answers, but not with what was asked for. */
export function troubles(name: string, { bus, ask }: TroublesCase): void {
  const started = async () => {
    const own = ownRedis();
    expect(await own.start()).toBe(true);
    const made = bus({ port: own.port, history: { length: 1_000 }, maxPendingBytes: 20_000 });
    const errors: { code: string; cause?: unknown }[] = [];
    const rooms = topics({
      codec: text(),
      bus: made,
      onError: (error) => errors.push(error as { code: string }),
    });
    const a = await listening(rooms, 'a');
    rooms.publish('a', 'begin');
    await a.next(1);
    const end = {
      [Symbol.asyncDispose]: async () => {
        await made.close();
        await own[Symbol.asyncDispose]();
      },
    };
    return {
      rooms,
      errors,
      a,
      end,
      ask: (command: string) => ask(own.port, ...(command.split(' ') as [string])),
    };
  };

  describe(`${name}, in trouble`, () => {
    it.each([
      ['READONLY', 'REPLICAOF 127.0.0.1 1', 'REPLICAOF NO ONE'],
      ['OOM', 'CONFIG SET maxmemory 1', 'CONFIG SET maxmemory 0'],
    ])(
      'says what it does not take (%s), and goes on when it does',
      async (what, begin, over) => {
        const { rooms, errors, a, end, ask: tell } = await started();
        await using _ = end;
        await tell(begin);
        for (const each of ['1', '2']) expect(rooms.publish('a', each)).toBe(true);
        await firstValueFrom(rooms.writable.pipe(filter((writable) => writable)));
        while (errors.length < 2) await tell('PING');
        expect(errors).toMatchObject([{ code: 'BUS' }, { code: 'BUS' }]);
        expect(String(errors[0]!.cause)).toContain(what);
        await tell(over);
        rooms.publish('a', '3');
        expect(await a.next(1)).toEqual(['3']);
        const again = await listening(rooms, 'a', '0');
        expect(await again.next(2)).toEqual(['begin', '3']);
        expect(errors).toHaveLength(2);
      },
      30_000,
    );

    it('is waited for while it pauses: what was taken arrives, what was not is said', async () => {
      const { rooms, errors, a, end, ask: tell } = await started();
      await using _ = end;
      await tell('CLIENT PAUSE 60000 WRITE');
      const taken: string[] = [];
      for (let i = 0; i < 1_000; i++) if (rooms.publish('a', String(i))) taken.push(String(i));
      expect(taken.length).toBeLessThan(200);
      expect(errors).toHaveLength(1_000 - taken.length);
      await tell('CLIENT UNPAUSE');
      expect(await a.next(taken.length)).toEqual(taken);
      expect(errors.every(({ code }) => code === 'OVERFLOW')).toBe(true);
    }, 30_000);
  });
}
