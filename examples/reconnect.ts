// Quotes that survive restarts of the server. Each symbol is asked for once, however many listen.
import { json, link, multiplex } from 'rxjs-ws';
import { map } from 'rxjs';

interface Quote {
  symbol: string;
  price: number;
}
interface Ask {
  type: 'sub' | 'unsub';
  symbol: string;
}

const feed = link({ url: process.argv[2] ?? 'ws://localhost:8080', codec: json<Quote, Ask>() });
const quotes = (symbol: string) =>
  multiplex(feed, {
    key: symbol,
    subscribe: { type: 'sub', symbol },
    unsubscribe: { type: 'unsub', symbol },
    matches: (quote) => quote.symbol === symbol,
  });

feed.status.subscribe(({ state }) => console.log(state));
for (const symbol of ['ACME', 'DUFF', 'ACME']) {
  quotes(symbol)
    .pipe(map(({ price }) => `${symbol} ${price}`))
    .subscribe({ next: console.log, error: console.error });
}
process.once('SIGTERM', () => feed.close());
