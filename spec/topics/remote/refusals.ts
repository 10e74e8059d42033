import { describe, expect, it } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { text } from '../../../src/codecs/text.ts';
import type { Bus } from '../../../src/topics/Bus.ts';
import type { HistoryConfig } from '../../../src/topics/HistoryConfig.ts';
import { topics } from '../../../src/topics/topics.ts';
import type { OwnServer } from '../servers.ts';
import { listening } from './contract.ts';

export interface RefusalsCase {
  /** One whose user must neither publish to the topic `denied` under `prefix`, nor subscribe to it. */
  server(prefix: string): Promise<OwnServer>;
  bus(config: { port: number; prefix: string; history?: HistoryConfig }): Bus;
}

/** What the server does not let this user do. */
export function refusals(name: string, { server, bus }: RefusalsCase): void {
  const prefix = 'spec-refusals';
  const started = async (history?: HistoryConfig) => {
    const own = await server(prefix);
    const made = bus({ port: own.port, prefix, ...(history && { history }) });
    const errors: { code: string; cause?: unknown }[] = [];
    const failed: string[] = [];
    const rooms = topics({
      codec: text(),
      bus: made,
      onError: (error, topic) => {
        errors.push(error as { code: string });
        failed.push(topic);
      },
    });
    const end = {
      [Symbol.asyncDispose]: async () => {
        await made.close();
        await own[Symbol.asyncDispose]();
      },
    };
    return { rooms, errors, failed, end };
  };

  describe(`${name}, what is refused`, () => {
    it('to listen is an error of that topic alone, each time', async () => {
      const { rooms, errors, end } = await started();
      await using _ = end;
      const refused = firstValueFrom(rooms.messages('denied'));
      const ok = listening(rooms, 'ok');
      await expect(refused).rejects.toMatchObject({ code: 'BUS' });
      const { next } = await ok;
      rooms.publish('ok', 'x');
      expect(await next(1)).toEqual(['x']);
      await expect(firstValueFrom(rooms.messages('denied'))).rejects.toMatchObject({ code: 'BUS' });
      expect(await firstValueFrom(rooms.subscribers('denied'))).toBe(0);
      rooms.publish('ok', 'y');
      expect(await next(1)).toEqual(['y']);
      expect(errors).toEqual([]);
    }, 30_000);

    it.each([undefined, { length: 10 }])(
      'to publish is said, of that message alone; history: %j',
      async (history) => {
        const { rooms, errors, failed, end } = await started(history);
        await using _ = end;
        const { next } = await listening(rooms, 'ok');
        for (const each of ['1', '2', '3']) {
          rooms.publish('ok', each);
          rooms.publish('denied', each);
        }
        rooms.publish('ok', '4');
        expect(await next(4)).toEqual(['1', '2', '3', '4']);
        for (let i = 5; failed.length < 3; i++) {
          rooms.publish('ok', String(i));
          expect(await next(1)).toEqual([String(i)]);
        }
        expect(failed).toEqual(['denied', 'denied', 'denied']);
        expect(errors).toEqual(Array(3).fill(expect.objectContaining({ code: 'BUS' })));
        expect(String(errors[0]!.cause)).toMatch(/permission|can't publish/i);
      },
      30_000,
    );
  });
}
