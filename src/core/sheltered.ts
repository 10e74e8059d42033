import { Observable, type Unsubscribable } from 'rxjs';

/** Unsubscribes. What a teardown of the user throws goes to `failed`: the rest of an end goes on. */
export function release(subscription: Unsubscribable | undefined, failed: (error: unknown) => void): void {
  try {
    subscription?.unsubscribe();
  } catch (error) {
    failed(error);
  }
}

/** `source`, whose teardowns may throw: `failed` gets that, and nobody else. */
export function sheltered<T>(source: Observable<T>, failed: (error: unknown) => void): Observable<T> {
  return new Observable((subscriber) => {
    let inner: Unsubscribable | undefined;
    try {
      // With an observer between: what ends it runs its teardowns below, and not in the source's own call.
      inner = source.subscribe({
        next: (value) => subscriber.next(value),
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    } catch (error) {
      failed(error);
    }
    return () => release(inner, failed);
  });
}
