// The page: a room, over a link that goes to another node when its own is gone, and says there what it has.
import { connect, heartbeat, link, type LinkStatus } from 'rxjs-ws';
import {
  catchError,
  defer,
  EMPTY,
  fromEvent,
  interval,
  map,
  merge,
  type Observable,
  of,
  switchMap,
  takeWhile,
  tap,
  timer,
} from 'rxjs';
import { client, type Line, type Say, type ToClient } from './contract.ts';

/** Of the other nodes; the server puts them in. */
declare const OTHER_PORTS: string[];
const nodes = [location.port, ...OTHER_PORTS].map((port) => `ws://${location.hostname}:${port}/chat`);

const element = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
const field = (id: string) => element<HTMLInputElement>(id);
const submits = (id: string) => fromEvent(element(id), 'submit').pipe(tap((event) => event.preventDefault()));
const log = element('log');

/** Each text in an element of its own. What peers have chosen is text here, and never HTML. */
const row = (...texts: string[]) => {
  const item = document.createElement('li');
  for (const text of texts) item.appendChild(document.createElement('span')).textContent = text;
  return item;
};
const addToLog = (item: HTMLLIElement) => {
  log.append(item);
  if (log.childElementCount > 1_000) log.firstElementChild!.remove();
};

const countdown = (status: LinkStatus): Observable<string> => {
  if (status.state === 'closed') return of(status.close?.reason ?? '');
  if (status.state !== 'waiting') return of('');
  return timer(0, 100).pipe(
    map(() => Math.max(0, status.retryAt - Date.now())),
    takeWhile((leftMs) => leftMs > 0, true),
    map((leftMs) =>
      navigator.onLine ? `again in ${(leftMs / 1_000).toFixed(1)} s` : 'until this page is online',
    ),
  );
};

/** One is in the room while this is subscribed to. */
const chat = (room: string, name: string) =>
  defer(() => {
    log.replaceChildren();
    let attempts = 0;
    /** The id of the last line that is here. */
    let since = '0';
    /** Said here, and not heard from the server yet. */
    const unheard = new Map<string, Say>();

    // A function is asked at each attempt: the next one goes to the next node.
    const connection = connect(() => ({ url: nodes[attempts++ % nodes.length]!, codec: client }));
    const alive = connection.pipe(
      heartbeat({ send: { type: 'ping' }, intervalMs: 10_000, timeoutMs: 5_000 }),
    );
    const feed = link(alive, { offline: 'drop', reconnect: { maxMs: 5_000 } });

    const hear = ({ id, key, from, text, at }: Line) => {
      since = id;
      const known = log.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (known && !unheard.delete(key)) return;
      known?.remove();
      const item = row(from, text, new Date(at).toLocaleTimeString());
      item.dataset.key = key;
      addToLog(item);
    };
    const show = (message: ToClient) => {
      if (message.type === 'line') hear(message);
      if (message.type === 'gap') addToLog(row('Some lines are missing here.'));
      if (message.type === 'members')
        element('members').replaceChildren(...message.names.map((name) => row(name)));
    };
    const say = (text: string) => {
      const key = crypto.getRandomValues(new Uint32Array(4)).join('-');
      const item = row(name, text, '…');
      item.dataset.key = key;
      addToLog(item);
      unheard.set(key, { type: 'say', key, text });
      feed.send(unheard.get(key)!);
    };

    const joining = feed.connections.pipe(tap(({ send }) => send({ type: 'join', room, name, since })));
    return merge(
      feed.status.pipe(
        tap(({ state }) => (element('status').textContent = element('status').className = state)),
        switchMap(countdown),
        tap((text) => (element('countdown').textContent = text)),
      ),
      feed.messages.pipe(
        tap(show),
        // It is closed for good, and the status says why.
        catchError(() => EMPTY),
      ),
      submits('say').pipe(
        tap(() => say(field('text').value)),
        tap(() => (field('text').value = '')),
      ),
      // What was not heard may be lost with a node: it is said again, and known by its key if it was not.
      merge(joining, interval(5_000)).pipe(tap(() => unheard.forEach((line) => feed.send(line)))),
    );
  });

const asked = new URLSearchParams(location.search);
for (const id of ['room', 'name']) field(id).value = asked.get(id) ?? field(id).value;
submits('join')
  .pipe(
    map(() => ({ room: field('room').value, name: field('name').value })),
    tap((who) => history.replaceState(null, '', `?${new URLSearchParams(who)}`)),
    tap(() => {
      element('say').inert = false;
      field('text').focus();
    }),
    switchMap(({ room, name }) => chat(room, name)),
  )
  .subscribe();
if (asked.has('name')) element<HTMLFormElement>('join').requestSubmit();
