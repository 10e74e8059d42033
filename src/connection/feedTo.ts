import { filter, isObservable, type ObservableInput, type Observer, take, type Unsubscribable } from 'rxjs';
import type { Engine } from './Engine.ts';
import { feed } from './feed.ts';

/** Subscribes `observer` to `source`; what can be pulled is pulled only while `engine` has room to send it. */
export function feedTo<T>(engine: Engine, source: ObservableInput<T>, observer: Observer<T>): Unsubscribable {
  if (isObservable(source)) return source.subscribe(observer);
  const { outgoing, transport } = engine;
  return feed(source, {
    next: (value) => observer.next(value),
    error: (error) => observer.error(error),
    complete: () => observer.complete(),
    clock: transport.clock,
    isWritable: () => outgoing.isWritable,
    whenWritable: (callback) => outgoing.writable.pipe(filter(Boolean), take(1)).subscribe(callback),
    windows: () => outgoing.window.writes,
  });
}
