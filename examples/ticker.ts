// One ticker for everybody: it runs while someone listens, and each tick is encoded and framed once for all. Slow readers get
// the newest price of each symbol, never a backlog.
import { handle, json, listen, prepare } from 'rxjs-ws';
import { interval, map, share } from 'rxjs';

interface Tick {
  readonly symbol: string;
  readonly price: number;
}

const codec = json<never, Tick>();
const ticks = interval(250).pipe(
  map((n) => prepare({ symbol: 'ACME', price: 100 + Math.round(10 * Math.sin(n / 10)) }, codec)),
  share(),
);

listen({
  port: Number(process.env.PORT ?? 8080),
  codec,
  overflow: { conflateBy: ({ symbol }) => symbol },
  listening: ({ url }) => console.log(url),
})
  .pipe(handle(() => ticks))
  .subscribe();
