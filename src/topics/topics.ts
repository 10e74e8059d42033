import type { Observable } from 'rxjs';
import type { BusState } from './Bus.ts';
import type { Gap } from './Gap.ts';
import type { MessagesConfig } from './MessagesConfig.ts';
import { OpenTopics } from './OpenTopics.ts';
import type { Presence } from './Presence.ts';
import type { TopicMessage } from './TopicMessage.ts';
import type { TopicPattern } from './TopicPattern.ts';
import type { TopicsConfig } from './TopicsConfig.ts';

/** Messages by topic, for any number of subscribers, on one node or many. */
export interface Topics<T> {
  /**
   * Publishes to all subscribers of `topic`, in this process and on the other nodes. True: taken. False: not taken, since the
   * bus is lost or too much waits for it; then, and where it fails later, a `BusError` goes to `onError`. **Throws** what
   * the codec's `encode` throws, and for a topic longer than 1,024 bytes.
   */
  publish(topic: string, message: T): boolean;
  /**
   * The messages of a topic from now on, as what `handle` and `send` take.
   *
   *     published    a--b-----c--d--
   *     subscribed    ^----------!
   *     result        --b-----c---
   *
   * Over a bus a subscription stands a little later; what the same process publishes after subscribing is received all the
   * same. Each subscriber gets each message once, in the order of the bus, also when it is not the only one.
   *
   * **Completes** never. **Errors with** a `BusError` where the bus refuses the subscription, an `InvalidArgumentError` for
   * `since` without history. **On unsubscribe** the last one takes the topic off the bus. **Holds** nothing; with `since`
   * at most 256 of the history, and 1,000 that came meanwhile; beyond these they are read once more.
   */
  messages(topic: string | TopicPattern, config?: MessagesConfig<T>): Observable<TopicMessage<T>>;
  /** How many listen to a topic in this process: the present number, then each change. **Completes** never. **Holds** nothing. */
  subscribers(topic: string | TopicPattern): Observable<number>;
  /**
   * Who listens to a topic in this process, by `member`: `joined` for each who is there, then who joins and leaves. Who is there
   * twice joins once, and leaves last. **Completes** never. **Holds** nothing.
   */
  presence(topic: string | TopicPattern): Observable<Presence>;
  /** What may have been missed, on whichever topic. **Completes** never. **Holds** nothing. */
  readonly gaps: Observable<Gap>;
  /** Where the bus is: the present state, then each change. */
  readonly state: Observable<BusState>;
  /** Whether the bus keeps up: pace by it who publishes much. */
  readonly writable: Observable<boolean>;
}

/**
 * Messages by topic: who publishes does not know who listens. Each is encoded and framed once in each process, for all who
 * get it; each connection that gets it has its own policy for a slow peer, and slows no other. Over a bus the same program runs on
 * several nodes.
 *
 * A topic is any text of at most 1,024 bytes; it is there as long as somebody listens. Names that peers choose are names:
 * a `*` in one is no pattern, a pattern is asked for with `{ pattern: 'room:*' }`.
 *
 * **Holds** nothing beyond what the bus holds.
 *
 * @example
 * const rooms = topics({ codec });
 * listen({ port: 8080, codec }).pipe(handle(({ messages }) => merge(
 *   rooms.messages('lobby'),
 *   messages.pipe(tap((line) => rooms.publish('lobby', line)), ignoreElements()),
 * ))).subscribe();
 */
export function topics<T>(config: TopicsConfig<T>): Topics<T> {
  const open = new OpenTopics(config);
  // Bound, so that destructuring works.
  return {
    publish: (topic, message) => open.publish(topic, message),
    messages: (topic, how) => open.messages(topic, how),
    subscribers: (topic) => open.subscribers(topic),
    presence: (topic) => open.presence(topic),
    gaps: open.gaps,
    state: open.state,
    writable: open.writable,
  };
}
