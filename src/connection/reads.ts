import { Observable } from 'rxjs';
import type { Engine } from './Engine.ts';
import type { Kind } from './Readers.ts';

/** What is received of one kind, for who reads it. */
export function reads<T>(engine: Engine, kind: Kind): Observable<T> {
  return new Observable<T>((subscriber) => engine.incoming.read(kind, subscriber));
}
