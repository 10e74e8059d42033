// The panel of /quotes: a link, whose channels come back with it.
import { json, link, type LinkStatus, multiplex } from 'rxjs-ws';
import {
  EMPTY,
  fromEvent,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  startWith,
  switchMap,
  takeWhile,
  tap,
  timer,
} from 'rxjs';
import { element } from './element.ts';
import type { Entry } from './log.ts';
import type { Quote, QuoteWish } from './Quote.ts';

const section = element('quotes');
const feed = link({ url: '/quotes', codec: json<Quote, QuoteWish>(), reconnect: { maxMs: 5_000 } });

const quotesOf = (symbol: string) =>
  multiplex(feed, {
    key: symbol,
    subscribe: { type: 'subscribe', symbol },
    unsubscribe: { type: 'unsubscribe', symbol },
    matches: (quote) => quote.symbol === symbol,
  });

/** A channel, while its box is checked. */
const channel = (box: HTMLInputElement) => {
  const field = section.querySelector(`[data-quote=${box.value}]`)!;
  return fromEvent(box, 'change').pipe(
    startWith('what is checked'),
    switchMap(() => (box.checked ? quotesOf(box.value) : EMPTY)),
    tap(({ price }) => (field.textContent = price.toFixed(2))),
    ignoreElements(),
  );
};

const countdown = (status: LinkStatus): Observable<string> => {
  if (status.state !== 'waiting') return of('');
  return timer(0, 100).pipe(
    map(() => Math.max(0, status.retryAt - Date.now())),
    takeWhile((leftMs) => leftMs > 0, true),
    map((leftMs) =>
      navigator.onLine ? `again in ${(leftMs / 1_000).toFixed(1)} s` : 'until this page is online',
    ),
  );
};

const status = feed.status.pipe(
  tap(({ state }) => {
    section.dataset.state = state;
    element('link').textContent = state;
  }),
);
const waits = status.pipe(
  switchMap(countdown),
  tap((text) => (element('countdown').textContent = text)),
  ignoreElements(),
);
const entries = feed.status.pipe(
  map(({ state }): Entry => ({ path: '/quotes', kind: 'state', what: state })),
);
const boxes = [...section.querySelectorAll<HTMLInputElement>('input[type=checkbox]')];

/** The states of the link, for the log. */
export const quotes = merge(waits, entries, ...boxes.map(channel));
