import type { Observable, Subject } from 'rxjs';

/**
 * A connection to a server as an Observable of what it sends and an observer of what is sent to it. Cold, shared and
 * repeatable: the first subscriber connects, the last one to leave closes with 1000, and who subscribes after the end connects
 * anew.
 *
 * It has the type of a `Subject`, so that it goes where one is asked for, and all that a Subject is used for: `next`, `error`,
 * `complete`, `unsubscribe`, `subscribe`, `pipe`, `asObservable`. It is an Observable to which these were added, and so no
 * `instanceof Subject`; what `pipe` gives is an Observable, and `lift` is that of one.
 *
 * **Emits** each message to all who are subscribed when it arrives; replays nothing. **Completes** when the connection
 * was closed cleanly, by either end. **Errors with** the platform's close event where it was not, its error event where there
 * was one, what the constructor, `serializer` or `deserializer` threw. **On unsubscribe** of the last subscriber sends what was
 * taken, and closes; what waits for a connection that is not open yet is dropped with it. **Holds** what is given to `next` before the connection is open, or while the server does not
 * read: at most `maxQueuedBytes`.
 */
export interface SocketSubject<T> extends Subject<T> {
  /**
   * Sends a value. Before the first subscription, and while the connection is being opened, it waits for that
   * connection; after the end of one it is dropped, and `dropped` is told, until somebody subscribes.
   */
  next(value: T): void;
  /**
   * Closes with `{ code, reason? }`. Anything else is a mistake: the subscribers get a `TypeError`, and the code is 1000.
   * A code that may not be sent is given to them as the error that it is.
   */
  error(error: unknown): void;
  /** Closes with 1000. The subscribers get what the server still sends, and complete with the connection. */
  complete(): void;
  /** Closes with 1000, for good: to subscribe again throws. */
  unsubscribe(): void;
  /** Whether anybody is subscribed. (In RxJS it was always false.) */
  readonly observed: boolean;
  /**
   * A part of the conversation: sends what `subMsg` gives at each subscription and what `unsubMsg` gives at its end, and
   * emits the messages for which `messageFilter` gives true. All parts share the connection.
   *
   * **Completes** and **errors** as the connection does, **errors** too with what the functions throw. **On unsubscribe** the
   * message of `unsubMsg` is sent, but never to a later connection. **Holds** nothing.
   *
   * @example
   * socket.multiplex(() => ({ sub: 'news' }), () => ({ unsub: 'news' }), ({ topic }) => topic === 'news')
   */
  multiplex(
    subMsg: () => unknown,
    unsubMsg: () => unknown,
    messageFilter: (value: T) => boolean,
  ): Observable<T>;
}
