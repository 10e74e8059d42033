// The page: two connections, and all that goes over them.
import { type ConnectConfig, type Connection, type Data, json, type Sendable } from 'rxjs-ws';
import {
  filter,
  fromEvent,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  scan,
  startWith,
  switchMap,
  tap,
} from 'rxjs';
import { addTo, type Entry } from './log.ts';
import { panel } from './panel.ts';
import type { Session } from './session.ts';
import type { Tick } from './Tick.ts';

const element = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;

const show = <T>(id: string) =>
  tap<T>((value) => {
    element(id).textContent = String(value);
  });

/** A panel and its connection, as entries of the log. `talk` has the connection while it is open, and emits what it sent. */
function endpoint<In = Data, Out = Sendable>(
  config: ConnectConfig<In, Out> & { url: string },
  talk: (connection: Connection<In, Out, undefined>) => Observable<string>,
): Observable<Entry> {
  const path = config.url;
  const entries = (session: Session<In, Out>): Observable<Entry> => {
    const state: Observable<Entry> = of({ path, kind: 'state', what: wordsFor(session) });
    if (session.state !== 'open') return state;
    const { frames } = session.connection;
    const received = frames.pipe(map(({ data }): Entry => ({ path, kind: 'in', what: String(data) })));
    const sent = talk(session.connection).pipe(map((what): Entry => ({ path, kind: 'out', what })));
    return merge(state, received, sent);
  };
  return panel(element(path.slice(1)), config).pipe(switchMap(entries));
}

function wordsFor(session: Session<unknown, never>): string {
  if ('error' in session) return `closed: ${String(session.error)}`;
  if ('close' in session) return `closed with ${session.close.code} ${session.close.reason}`;
  return session.state;
}

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
merge(echo, ticker).subscribe(addTo(element<HTMLTableSectionElement>('log')));
