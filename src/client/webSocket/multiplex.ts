import { Observable } from 'rxjs';

/** What one part of a conversation says and hears. */
export interface Part<T> {
  readonly subMsg: () => T;
  readonly unsubMsg: () => T;
  readonly messageFilter: (value: T) => boolean;
}

/** One connection, as the parts of a conversation share it. */
export interface Shared<T> {
  readonly messages: Observable<T>;
  send(value: T): void;
  /** Sends it if it still can be: to a later connection it would mean nothing. */
  sendLast(value: T): void;
  /** A function failed that nobody waits for any more. */
  report(error: unknown): void;
}

/** See `WebSocketSubject.multiplex`. The whole part belongs to the one connection that `share` gives. */
export function multiplex<T>(
  { subMsg, unsubMsg, messageFilter }: Part<T>,
  share: () => Shared<T>,
): Observable<T> {
  return new Observable((subscriber) => {
    let shared: Shared<T>;
    try {
      const message = subMsg();
      shared = share();
      shared.send(message);
    } catch (error) {
      subscriber.error(error);
      return undefined;
    }
    const subscription = shared.messages.subscribe({
      next: (value) => {
        let isOurs: boolean;
        try {
          isOurs = messageFilter(value);
        } catch (error) {
          subscriber.error(error);
          return;
        }
        if (isOurs) subscriber.next(value);
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
    return () => {
      try {
        shared.sendLast(unsubMsg());
      } catch (error) {
        shared.report(error);
      }
      subscription.unsubscribe();
    };
  });
}
