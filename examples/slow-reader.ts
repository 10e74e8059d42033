// What a slow reader gets of a fast ticker under each policy: 800 ticks a second, of which it reads 150. The system's own
// buffers hold some megabytes for each connection; what counts is what comes out behind them.
import { setTimeout as delay } from 'node:timers/promises';
import { dial, type Dropped, handle, json, listen, type Overflow, prepare, sendTo } from 'rxjs-ws';
import { firstValueFrom, interval, map, mergeMap, range, ReplaySubject, share } from 'rxjs';

interface Tick {
  readonly n: number;
  readonly symbol: string;
  readonly news: string;
}

const policies: Record<string, Overflow<Tick>> = {
  close: 'close',
  error: 'error',
  dropOldest: 'dropOldest',
  dropNewest: 'dropNewest',
  latest: 'latest',
  conflateBy: { conflateBy: ({ symbol }) => symbol },
};

const codec = json<never, Tick>();
let n = 0;
const news = '.'.repeat(16_000);
const ticks = interval(10).pipe(
  mergeMap(() => range(0, 8)),
  map((): Tick => ({ n: ++n, symbol: `symbol ${n % 8}`, news })),
  map((tick) => prepare(tick, codec)),
  share(),
);
const dropped: Record<string, number> = {};

const urls = new ReplaySubject<string>(1);
const server = listen({ port: 0, codec, onError: () => {}, listening: ({ url }) => urls.next(url) })
  .pipe(
    handle((connection) => {
      const policy = connection.handshake.path.slice(1);
      const count = ({ count }: Dropped) => (dropped[policy] = (dropped[policy] ?? 0) + count);
      return ticks.pipe(sendTo(connection, { overflow: policies[policy]!, dropped: count }));
    }),
  )
  .subscribe();
const url = await firstValueFrom(urls);

async function read(policy: string) {
  let count = 0;
  let newest = 0;
  let how = 'still open';
  const end = performance.now() + 5_000;
  try {
    await using connection = await dial({ url: `${url}/${policy}`, codec: json<Tick, never>() });
    for await (const tick of connection) {
      count++;
      newest = tick.n;
      if (performance.now() > end) break;
      await delay(6);
    }
  } catch (error) {
    how = (error as Error).message.replace(/^.* was /, '');
  }
  console.log(
    `${policy}: read ${count}, the newest ${n - newest} ticks old, ${dropped[policy] ?? 0} dropped, ${how}`,
  );
}

await Promise.all(Object.keys(policies).map(read));
server.unsubscribe();
