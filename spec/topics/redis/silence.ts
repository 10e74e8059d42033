import { expect, it } from '@jest/globals';
import { filter, firstValueFrom } from 'rxjs';
import { text } from '../../../src/codecs/text.ts';
import type { RedisClient } from '../../../src/topics/redis/RedisClient.ts';
import { duplicatesOf, openRedis } from '../../../src/topics/redis/openRedis.ts';
import { RedisDriver } from '../../../src/topics/redis/RedisDriver.ts';
import { RemoteBus } from '../../../src/topics/remote/RemoteBus.ts';
import { topics } from '../../../src/topics/topics.ts';
import { Proxy } from '../Proxy.ts';
import { listening } from '../remote/contract.ts';
import { ownRedis } from '../servers.ts';

/** A Redis that is cut off without a word: no connection ends, and nothing answers. */
export function silence(name: string, client: (port: number) => { url: string } | { client: RedisClient }) {
  it(`${name}: a Redis that is cut off without a word is lost, and found again`, async () => {
    await using own = ownRedis();
    expect(await own.start()).toBe(true);
    await using proxy = await new Proxy(own.port).start();
    const node = (port: number, silentMs: number) => {
      const how = client(port);
      const open = () =>
        'url' in how ? openRedis(how.url) : Promise.resolve().then(() => duplicatesOf(how.client));
      const history = { length: 100, maxAgeMs: 60_000 };
      const driver = () => new RedisDriver({ open, prefix: 'spec:', isSharded: false, history, silentMs });
      const bus = new RemoteBus({ driver, hasHistory: true, idleMs: 60_000 });
      const errors: unknown[] = [];
      return { bus, errors, rooms: topics({ codec: text(), bus, onError: (error) => errors.push(error) }) };
    };
    const [here, there] = [node(proxy.port, 250), node(own.port, 10_000)];
    const is = (state: string) => firstValueFrom(here.rooms.state.pipe(filter((now) => now === state)));
    const a = await listening(here.rooms, 'a');
    here.rooms.publish('a', '0');
    await a.next(1);
    proxy.silence();
    expect(here.rooms.publish('a', 'into the silence')).toBe(true);
    await is('lost');
    expect(here.errors).toMatchObject([{ code: 'BUS' }]);
    expect(here.rooms.publish('a', 'not taken')).toBe(false);
    for (const each of ['1', '2', '3']) there.rooms.publish('a', each);
    proxy.mend();
    await is('open');
    expect(await a.next(3)).toEqual(['1', '2', '3']);
    here.rooms.publish('a', '4');
    expect(await a.next(1)).toEqual(['4']);
    a.subscription.unsubscribe();
    await Promise.all([here.bus.close(), there.bus.close()]);
  }, 30_000);
}
