import { Observable, ObjectUnsubscribedError, type Subscriber } from 'rxjs';
import { InvalidArgumentError } from '../../core/InvalidArgumentError.ts';
import type { SocketOpener } from '../../transports/SocketOpener.ts';
import { multiplex } from './multiplex.ts';
import { type Ending, Session } from './Session.ts';
import type { SocketSubject } from './SocketSubject.ts';
import type { WebSocketSubjectConfig } from './WebSocketSubjectConfig.ts';

const subjects = new WeakSet<object>();

/** Whether it was made here. */
export function isSocketSubject(value: unknown): boolean {
  return subjects.has(Object(value) as object);
}

/** See `webSocket`: an Observable that connects, and beside it the methods of an observer. */
export function subjectOver<T>(
  urlOrConfig: string | WebSocketSubjectConfig<T>,
  openerOf: (config: WebSocketSubjectConfig<T>) => SocketOpener,
): SocketSubject<T> {
  const config = typeof urlOrConfig === 'string' ? { url: urlOrConfig } : { ...urlOrConfig };
  const opener = openerOf(config);
  let session = new Session(config, opener);
  let isClosed = false;
  let subscribers = 0;

  /** The one that a subscriber belongs to. */
  const current = (): Session<T> => {
    if (session.isSpent) session = new Session(config, opener);
    return session;
  };
  const subscribe = (subscriber: Subscriber<T>, to: Session<T>): void => {
    subscribers++;
    subscriber.add(() => subscribers--);
    to.subscribe(subscriber);
  };
  const assertOpen = (): void => {
    if (isClosed) throw new ObjectUnsubscribedError();
  };

  const observable = new Observable<T>((subscriber) => subscribe(subscriber, current()));
  const connect = observable.subscribe.bind(observable) as (...args: unknown[]) => unknown;
  const subject = Object.assign(observable, {
    // Not by an error: who subscribes to a Subject that was unsubscribed is told by a throw.
    subscribe: (...args: unknown[]) => {
      assertOpen();
      return connect(...args);
    },
    next: (value: T) => {
      if (config.offline === 'buffer' && !isClosed) current();
      session.send(value);
    },
    error: (error: unknown) => session.end(endingOf(error)),
    complete: () => session.end({ code: 1000, reason: '' }),
    unsubscribe: () => {
      isClosed = true;
      session.abandon();
    },
    asObservable: () => new Observable<T>((subscriber) => subject.subscribe(subscriber)),
    multiplex: (subMsg: () => T, unsubMsg: () => T, messageFilter: (value: T) => boolean): Observable<T> =>
      multiplex({ subMsg, unsubMsg, messageFilter }, () => {
        assertOpen();
        const shared = current();
        return {
          messages: new Observable((subscriber) => subscribe(subscriber, shared)),
          send: (value) => shared.send(value),
          sendLast: (value) => shared.sendLast(value),
          report: (error) => shared.observers.report(error),
        };
      }),
    // Of the type of a Subject, and never of use.
    observers: [],
    hasError: false,
    thrownError: null,
  }) as unknown as SocketSubject<T>;
  Object.defineProperties(subject, {
    closed: { get: () => isClosed, enumerable: true },
    isStopped: { get: () => isClosed, enumerable: true },
    observed: { get: () => subscribers > 0, enumerable: true },
  });
  subjects.add(subject);
  return subject;
}

function endingOf(error: unknown): Ending {
  const { code, reason } = Object(error) as { code?: number; reason?: string };
  if (code) return { code, reason: reason as string };
  const failure = new InvalidArgumentError(
    // In the words of RxJS, which somebody may look for.
    'WebSocketSubject.error must be called with an object with an error code, and an optional reason: { code: number, reason: string }',
    { cause: error },
  );
  return { failure };
}
