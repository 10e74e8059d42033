import { Observable } from 'rxjs';
import type { Engine } from './Engine.ts';
import { Watchers } from './Watchers.ts';

/**
 * What arrives from now on, decoded, when it is delivered, or would be if someone read. It takes nothing, and
 * completes when the connection has ended and all was shown.
 */
export function watching<T>(engine: Engine): Observable<T> {
  return new Observable<T>((subscriber) => {
    const { incoming } = engine;
    incoming.watchers ??= new Watchers(() => incoming.settle());
    return incoming.watchers.add(subscriber, incoming.unseen);
  });
}
