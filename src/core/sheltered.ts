import { Observable, type Observer, type Subscriber, type Unsubscribable } from 'rxjs';

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

/** `subscriber`, of the user: what its teardowns throw when it is told of the end goes to `failed`, and not to who tells it. */
export function shelteredEnd<T>(subscriber: Subscriber<T>, failed: (error: unknown) => void): Observer<T> {
  const end = (tell: () => void): void => {
    try {
      tell();
    } catch (error) {
      failed(error);
    }
  };
  return {
    next: (value) => subscriber.next(value),
    error: (error: unknown) => end(() => subscriber.error(error)),
    complete: () => end(() => subscriber.complete()),
  };
}

/** `source`, of whose end each subscriber is told, also behind one whose teardowns throw: `failed` gets that. */
export function tellingEach<T>(source: Observable<T>, failed: (error: unknown) => void): Observable<T> {
  return new Observable((subscriber) => source.subscribe(shelteredEnd(subscriber, failed)));
}
