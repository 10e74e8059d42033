import { defer, fromEvent, map, NEVER, type Observable, of, take } from 'rxjs';

/** Emits once when `signal` is aborted, or was; without a signal never. */
export function aborted(signal: AbortSignal | undefined): Observable<void> {
  if (signal === undefined) return NEVER;
  return defer(() => (signal.aborted ? of(undefined) : fromEvent(signal, 'abort'))).pipe(
    take(1),
    map(() => undefined),
  );
}
