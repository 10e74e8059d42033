import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { defer, filter, firstValueFrom, type Observable, ReplaySubject } from 'rxjs';
import { connect } from '../../../src/client/connect.ts';
import { dial } from '../../../src/client/dial.ts';
import { link } from '../../../src/client/link.ts';
import { json } from '../../../src/codecs/json.ts';
import type { Connection } from '../../../src/connection/Connection.ts';
import { sendTo } from '../../../src/operators/sendTo.ts';
import { handle } from '../../../src/server/handle.ts';
import { listen } from '../../../src/server/listen.ts';
import type { Bus } from '../../../src/topics/Bus.ts';
import type { HistoryConfig } from '../../../src/topics/HistoryConfig.ts';
import type { TopicMessage } from '../../../src/topics/TopicMessage.ts';
import { type Topics, topics } from '../../../src/topics/topics.ts';
import { Proxy } from '../Proxy.ts';
import { until } from '../until.ts';
import { freshPrefix } from '../servers.ts';

interface Line {
  n: number;
  pad?: string;
  id?: string;
}
type Session = Connection<never, Line>;

export type SocketsBus = (config: { prefix: string; idleMs: number; history?: HistoryConfig }) => Bus;

/** Topics behind real sockets, on several nodes. */
export function sockets(name: string, bus: SocketsBus): void {
  const codec = json<never, Line>();
  const client = json<Line, never>();
  /** A spec that fails leaves no socket to the others. */
  const endings: (() => unknown)[] = [];

  const nodes = (count: number, history?: HistoryConfig) => {
    const prefix = freshPrefix();
    const errors: unknown[] = [];
    const buses = Array.from({ length: count }, () =>
      bus({ prefix, idleMs: 60_000, ...(history && { history }) }),
    );
    const rooms = buses.map((each) =>
      topics({
        codec,
        bus: each,
        withId: (line: Line, id) => ({ ...line, id }),
        onError: (error) => errors.push(error),
      }),
    );
    endings.push(() => Promise.all(buses.map((each) => each.close())));
    return { rooms: rooms as [Topics<Line>, ...Topics<Line>[]], errors };
  };
  const serve = async (
    project: (session: Session) => Observable<TopicMessage<Line>>,
    config: { maxQueuedBytes?: number; keepAlive?: false } = {},
  ) => {
    const ports = new ReplaySubject<number>(1);
    const ended: number[] = [];
    const server = listen({
      ...{ port: 0, host: '127.0.0.1', codec, ...config },
      listening: ({ port }) => ports.next(port),
    })
      .pipe(handle(project))
      .subscribe(({ close }) => ended.push(close.code));
    endings.push(() => server.unsubscribe());
    return { ended, port: await firstValueFrom(ports) };
  };

  describe(`${name}, behind sockets`, () => {
    afterEach(async () => {
      for (const end of endings.splice(0).reverse()) await end();
    });

    it('a link that comes back, to whichever node, says its last id: nothing is lost, and nothing comes twice', async () => {
      const { rooms, errors } = nodes(3, { length: 100_000 });
      const gap = (): Line => ({ n: -1 });
      const proxies: Proxy[] = [];
      for (const each of rooms.slice(0, 2)) {
        const { port } = await serve(({ handshake: { query } }) =>
          each.messages('a', { since: query.get('since') ?? '0', gap }),
        );
        const proxy = await new Proxy(port).start();
        endings.push(() => proxy[Symbol.asyncDispose]());
        proxies.push(proxy);
      }
      let dials = 0;
      let last: Line | undefined;
      const got: number[] = [];
      const feed = link(
        defer(() => {
          const { port } = proxies[dials++ % proxies.length]!;
          return connect({ url: `ws://127.0.0.1:${port}/?since=${last?.id ?? '0'}`, codec: client });
        }),
        { reconnect: { initialMs: 1, maxMs: 5 } },
      );
      const subscription = feed.messages.subscribe((line) => {
        last = line;
        got.push(line.n);
      });
      endings.push(() => subscription.unsubscribe());
      let published = 0;
      let isOver = false;
      endings.push(() => (isOver = true));
      const load = (async () => {
        while (!isOver) {
          const node = rooms[published % rooms.length]!;
          node.publish('a', { n: published++ });
          await turn();
          await firstValueFrom(node.writable.pipe(filter((writable) => writable)));
        }
      })();
      for (let cut = 0; cut < 6; cut++) {
        const from = got.length;
        await until(() => got.length > from + 200);
        for (const proxy of proxies) {
          proxy.cut();
          proxy.mend();
        }
        const was = dials;
        await until(() => dials > was);
      }
      isOver = true;
      await load;
      await until(() => got.length >= published);
      // Three nodes publish, each in its order: what came is the order of the bus, and each once.
      expect([...got].sort((a, b) => a - b)).toEqual(Array.from({ length: published }, (_, n) => n));
      for (let node = 0; node < 3; node++) {
        const own = got.filter((n) => n % 3 === node);
        expect(own).toEqual([...own].sort((a, b) => a - b));
      }
      expect(errors).toEqual([]);
    }, 60_000);

    it('a history goes to a peer as fast as it reads, whatever its length', async () => {
      const count = 300;
      const { rooms, errors } = nodes(1, { length: count });
      const sessions: Session[] = [];
      const { port, ended } = await serve((session) => {
        sessions.push(session);
        return rooms[0].messages('a', { since: '0', writable: session.writable });
      });
      const pad = 'x'.repeat(20_000);
      for (let n = 0; n < count; n++) {
        rooms[0].publish('a', { n, pad });
        await firstValueFrom(rooms[0].writable.pipe(filter((writable) => writable)));
      }
      const peer = await dial({ url: `ws://127.0.0.1:${port}/`, codec: client, unreadTimeoutMs: 0 });
      endings.push(() => peer.terminate());
      const hold = peer.hold();
      const got: number[] = [];
      let most = 0;
      peer.messages.subscribe(({ n }) => {
        got.push(n);
        most = Math.max(most, sessions[0]!.bufferedBytes);
        if (n === 9) rooms[0].publish('a', { n: count });
      });
      await until(() => (sessions[0]?.bufferedBytes ?? 0) > 65_536);
      hold.unsubscribe();
      await until(() => got.length > count);
      expect(got).toEqual(Array.from({ length: count + 1 }, (_, n) => n));
      expect(most).toBeLessThan(4 * 65_536);
      expect(ended).toEqual([]);
      expect(errors).toEqual([]);
    }, 60_000);

    it('who does not read meets its own policy, and slows nobody, here or on another node', async () => {
      const { rooms, errors } = nodes(2);
      const [here, there] = rooms as [Topics<Line>, Topics<Line>];
      const maxQueuedBytes = 200_000;
      const sessions: Session[] = [];
      const one = await serve(
        (session) => {
          sessions.push(session);
          const how = session.handshake.query.get('overflow');
          const lines = here.messages('a');
          return how === 'latest' ? lines.pipe(sendTo(session, { overflow: 'latest' })) : lines;
        },
        { maxQueuedBytes, keepAlive: false },
      );
      const others: Session[] = [];
      const other = await serve((session) => {
        others.push(session);
        return there.messages('a');
      });
      const open = async (port: number, query = '') => {
        const url = `ws://127.0.0.1:${port}/${query}`;
        const opened = await dial({ url, codec: client, unreadTimeoutMs: 0 });
        endings.push(() => opened.terminate());
        return opened;
      };
      const fast = [await open(one.port), await open(one.port), await open(other.port)];
      const [slow, latest] = [await open(one.port), await open(one.port, '?overflow=latest')];
      const holds = [slow.hold(), latest.hold()];
      const counts = fast.map(() => 0);
      const probed = fast.map(() => 0);
      fast.forEach((each, at) =>
        each.messages.subscribe(({ n }) => {
          // In order, each once.
          if (n < 0) probed[at] = n;
          else if (n === counts[at]) counts[at]!++;
        }),
      );
      await until(() => sessions.length === 4 && others.length === 1);
      // A node hears itself once its subscription stands; then it hears the other too.
      there.publish('a', { n: -1 });
      await until(() => probed[2] === -1);
      here.publish('a', { n: -2 });
      await until(() => probed.every((probe) => probe === -2));
      const pad = 'x'.repeat(50_000);
      let most = 0;
      let n = 0;
      const isSlow = () => one.ended.some((code) => code === 1013);
      // The system's own buffers take some megabytes first.
      for (; n < 400 || !isSlow(); n++) {
        here.publish('a', { n, pad });
        await until(() => counts.every((count) => count > n));
        most = Math.max(most, ...sessions.map(({ bufferedBytes }) => bufferedBytes));
      }
      expect(counts).toEqual(fast.map(() => n));
      expect(most).toBeLessThan(2 * maxQueuedBytes + 100_000);
      expect(one.ended.filter((code) => code === 1013)).toHaveLength(1);
      // What the other gets in the end is the newest.
      let newest = -1;
      let read = 0;
      latest.messages.subscribe((line) => {
        newest = line.n;
        read++;
      });
      for (const hold of holds) hold.unsubscribe();
      await until(() => newest === n - 1);
      expect(read).toBeLessThan(n);
      expect(errors).toEqual([]);
    }, 60_000);
  });
}
