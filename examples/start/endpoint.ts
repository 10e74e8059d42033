// A panel and its connection, as entries of the log.
import type { ConnectConfig, Connection, Data, Sendable } from 'rxjs-ws';
import { map, merge, type Observable, of, switchMap } from 'rxjs';
import { element } from './element.ts';
import type { Entry } from './log.ts';
import { panel } from './panel.ts';
import type { Session } from './session.ts';

/**
 * `talk` has the connection while it is open, and emits what it sent; `heard` what is told of what came: all of it,
 * where it is left out.
 */
export function endpoint<In = Data, Out = Sendable>(
  config: ConnectConfig<In, Out> & { url: string },
  talk: (connection: Connection<In, Out, undefined>) => Observable<string>,
  heard: (connection: Connection<In, Out, undefined>) => Observable<string> = everything,
): Observable<Entry> {
  const path = config.url;
  const entries = (session: Session<In, Out>): Observable<Entry> => {
    const state: Observable<Entry> = of({ path, kind: 'state', what: wordsFor(session) });
    if (session.state !== 'open') return state;
    const received = heard(session.connection).pipe(map((what): Entry => ({ path, kind: 'in', what })));
    const sent = talk(session.connection).pipe(map((what): Entry => ({ path, kind: 'out', what })));
    return merge(state, received, sent);
  };
  return panel(element(path.slice(1)), config).pipe(switchMap(entries));
}

const everything = <In, Out>({ frames }: Connection<In, Out>) => frames.pipe(map(({ data }) => String(data)));

function wordsFor(session: Session<unknown, never>): string {
  if ('error' in session) return `closed: ${String(session.error)}`;
  if ('close' in session) return `closed with ${session.close.code} ${session.close.reason}`;
  return session.state;
}
