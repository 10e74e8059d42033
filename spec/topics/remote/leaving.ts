import { describe, expect, it } from '@jest/globals';
import { filter, firstValueFrom } from 'rxjs';
import { text } from '../../../src/codecs/text.ts';
import type { Bus } from '../../../src/topics/Bus.ts';
import type { TopicPattern } from '../../../src/topics/TopicPattern.ts';
import { topics } from '../../../src/topics/topics.ts';
import { Proxy } from '../Proxy.ts';
import type { OwnServer } from '../servers.ts';
import { until } from '../until.ts';
import { listening } from './contract.ts';
import { freshPrefix } from '../servers.ts';

export interface LeavingCase {
  server(): OwnServer;
  bus(config: { port: number; prefix: string; idleMs: number }): Bus;
  /** How many subscriptions the server has, of all nodes. */
  subscriptionsOf(server: OwnServer, prefix: string, target: string | TopicPattern): Promise<number>;
  hasPatterns: boolean;
}

/** What the server still knows of who has left. */
export function leaving(name: string, { server, bus, subscriptionsOf, hasPatterns }: LeavingCase): void {
  const started = async () => {
    const own = server();
    expect(await own.start()).toBe(true);
    const prefix = freshPrefix();
    const errors: unknown[] = [];
    const buses: Bus[] = [];
    const node = (port: number) => {
      const made = bus({ port, prefix, idleMs: 60_000 });
      buses.push(made);
      const rooms = topics({
        codec: text(),
        bus: made,
        onError: (error) => errors.push(error),
      });
      const is = (state: string) => firstValueFrom(rooms.state.pipe(filter((now) => now === state)));
      return { rooms, is };
    };
    const are = (count: number, target: string | TopicPattern = 'a') =>
      until(async () => (await subscriptionsOf(own, prefix, target)) === count);
    const end = {
      [Symbol.asyncDispose]: async () => {
        for (const each of buses) await each.close();
        await own[Symbol.asyncDispose]();
      },
    };
    return { own, errors, node, are, end };
  };

  describe(`${name}, who leaves`, () => {
    it('is one subscription of a topic and node, also when the server is back, and then none', async () => {
      const { own, node, are, end } = await started();
      await using _ = end;
      const nodes = [node(own.port), node(own.port)];
      const listeners = [];
      for (const { rooms } of nodes) for (let i = 0; i < 3; i++) listeners.push(await listening(rooms, 'a'));
      const pattern = { pattern: 'a*' };
      const wide = hasPatterns ? nodes.map(({ rooms }) => rooms.messages(pattern).subscribe()) : [];
      await are(2);
      if (hasPatterns) await are(2, pattern);
      await own.kill();
      await Promise.all(nodes.map(({ is }) => is('lost')));
      await own.start();
      await Promise.all(nodes.map(({ is }) => is('open')));
      await are(2);
      if (hasPatterns) await are(2, pattern);
      nodes[0]!.rooms.publish('a', 'x');
      for (const each of listeners) expect(await each.next(1)).toEqual(['x']);
      for (const { subscription } of listeners) subscription.unsubscribe();
      await are(0);
      if (hasPatterns) await are(2, pattern);
      for (const subscription of wide) subscription.unsubscribe();
      if (hasPatterns) await are(0, pattern);
    }, 30_000);

    it('is not renewed when the bus is back', async () => {
      const { own, node, are, end } = await started();
      await using _ = end;
      await using proxy = await new Proxy(own.port).start();
      const { rooms, is } = node(proxy.port);
      const [a, b] = [await listening(rooms, 'a'), await listening(rooms, 'b')];
      const again = await listening(rooms, 'again');
      await Promise.all([are(1), are(1, 'b'), are(1, 'again')]);
      // On its way when the connection is lost, and after that.
      a.subscription.unsubscribe();
      proxy.cut();
      await is('lost');
      b.subscription.unsubscribe();
      again.subscription.unsubscribe();
      const came = rooms.messages('again').subscribe();
      proxy.mend();
      await is('open');
      await Promise.all([are(1, 'again'), are(0), are(0, 'b')]);
      came.unsubscribe();
      await are(0, 'again');
    }, 30_000);

    it('and comes again at once is there', async () => {
      const { own, errors, node, are, end } = await started();
      await using _ = end;
      const { rooms } = node(own.port);
      const pattern = { pattern: 'a*' };
      let last = await listening(rooms, 'a');
      await are(1);
      const other = firstValueFrom(rooms.messages(hasPatterns ? pattern : 'b'));
      other.catch(() => undefined);
      for (let i = 0; i < 20; i++) {
        last.subscription.unsubscribe();
        if (hasPatterns) rooms.messages({ pattern: 'b*' }).subscribe().unsubscribe();
        last = await listening(rooms, 'a');
      }
      rooms.publish('a', 'x');
      expect(await last.next(1)).toEqual(['x']);
      await are(1);
      last.subscription.unsubscribe();
      await are(0);
      expect(errors).toEqual([]);
    }, 30_000);
  });
}
