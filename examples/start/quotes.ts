// /quotes: the prices of what is asked for, until it is not.
import type { Server } from 'node:http';
import { handle, json, listen } from 'rxjs-ws';
import { filter, map, mergeMap, type Observable, scan, takeUntil, timer } from 'rxjs';
import type { Quote, QuoteWish } from './Quote.ts';

const prices = (symbol: string): Observable<Quote> =>
  timer(0, 500).pipe(
    scan((price) => Math.max(1, price + Math.random() - 0.5), 100),
    map((price) => ({ symbol, price: Math.round(price * 100) / 100 })),
  );

export const quotes = (server: Server, closeWhen: Observable<unknown>) =>
  listen({ server, path: '/quotes', codec: json<QuoteWish, Quote>(), closeWhen, finishTimeoutMs: 0 }).pipe(
    handle(({ messages }) => {
      const asks = (type: QuoteWish['type']) => messages.pipe(filter((wish) => wish.type === type));
      const isOver = (symbol: string) => asks('unsubscribe').pipe(filter((wish) => wish.symbol === symbol));
      return asks('subscribe').pipe(mergeMap(({ symbol }) => prices(symbol).pipe(takeUntil(isOver(symbol)))));
    }),
  );
