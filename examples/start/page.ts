// The page: three connections, a link, and what goes over them.
import { json } from 'rxjs-ws';
import { filter, fromEvent, ignoreElements, map, merge, scan, startWith, tap } from 'rxjs';
import { element } from './element.ts';
import { endpoint } from './endpoint.ts';
import { addTo } from './log.ts';
import { quotes } from './quotes-panel.ts';
import { slow } from './slow-panel.ts';
import type { Tick } from './Tick.ts';

const show = <T>(id: string) =>
  tap<T>((value) => {
    element(id).textContent = String(value);
  });

const input = element<HTMLInputElement>('text');
const typed = fromEvent(input, 'input').pipe(map(() => input.value));

const echo = endpoint({ url: '/echo' }, ({ send, text }) =>
  merge(
    // What stands there already is sent first: when the page has opened the connection again, for one.
    typed.pipe(
      startWith(input.value),
      filter((line) => line !== '' && send(line)),
    ),
    text.pipe(show('reversed'), ignoreElements()),
  ),
);

const ticker = endpoint({ url: '/ticker', codec: json<Tick, never>() }, ({ messages }) =>
  merge(
    messages.pipe(
      map(({ time }) => new Date(time).toLocaleTimeString('en-GB')),
      show('time'),
    ),
    messages.pipe(
      map(({ people }) => people),
      show('people'),
    ),
    messages.pipe(
      scan((count) => count + 1, 0),
      show('ticks'),
    ),
  ).pipe(ignoreElements()),
);

for (const host of document.querySelectorAll('.host')) host.textContent = location.host;
merge(echo, ticker, quotes, slow).subscribe(addTo(element<HTMLTableSectionElement>('log')));
