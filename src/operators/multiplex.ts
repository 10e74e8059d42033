import { defer, type Observable } from 'rxjs';
import type { Peer } from '../core/Peer.ts';
import type { Prepared } from '../core/Prepared.ts';
import { channel } from './channel.ts';

/** One channel among the messages of a peer. */
export interface MultiplexConfig<In, Out> {
  /** What the channel is: who gives the same key on the same peer shares it, and the messages that open and close it. */
  key: unknown;
  /** Sent with the first subscriber, and on a link on each connection. */
  subscribe: NoInfer<Out | Prepared<Out>>;
  /** Sent when the last one has left. */
  unsubscribe: NoInfer<Out | Prepared<Out>>;
  /** Whether a message belongs to the channel. */
  matches: (message: In) => boolean;
}

/** The channels that are open, of each peer. A key is there as long as its channel. */
const open = new WeakMap<object, Map<unknown, Observable<unknown>>>();

/**
 * The messages of one channel of `target`, which the server is asked for with the first subscriber and told to
 * leave off with the last. Whoever names the same `key` shares it.
 *
 *     subscribers   ^--------!
 *                       ^------------!
 *     sent          s----------------u
 *     messages      -a--x---a-x--a----
 *     first         -a------a            { matches: (message) => message is a }
 *     second        --------a----a
 *
 * It only looks at messages, each decoded once, before they go to who reads `messages`: who reads gets them too, and
 * on a connection somebody has to read, since what nobody reads closes it with 1008. (Of a peer that is neither connection
 * nor link it reads `messages`.) While the connection is held nothing is delivered, here neither.
 *
 * On a link every open channel is asked for anew on each connection, before anything else is sent on it.
 *
 * **Completes** when the connection, or the link, has ended; a link that gives up **errors with** its error. Errors too with what
 * `matches` throws, which touches no other channel, and a `NotSentError` where `subscribe` is not taken. **On
 * unsubscribe** the last one to leave sends `unsubscribe`. **Holds** nothing.
 *
 * @example
 * multiplex(feed, { key: 'ACME', subscribe: { sub: 'ACME' }, unsubscribe: { unsub: 'ACME' }, matches: ({ symbol }) => symbol === 'ACME' })
 */
export function multiplex<In, Out, R extends In>(
  target: Peer<In, Out>,
  config: MultiplexConfig<In, Out> & { matches: (message: In) => message is R },
): Observable<R>;
export function multiplex<In, Out>(target: Peer<In, Out>, config: MultiplexConfig<In, Out>): Observable<In>;
export function multiplex<In, Out>(target: Peer<In, Out>, config: MultiplexConfig<In, Out>): Observable<In> {
  return defer(() => {
    const channels = open.get(target) ?? new Map<unknown, Observable<unknown>>();
    open.set(target, channels);
    const { key } = config;
    const present = channels.get(key) as Observable<In> | undefined;
    if (present !== undefined) return present;
    const opened = channel(target, config, () => {
      if (channels.get(key) === opened) channels.delete(key);
      if (channels.size === 0 && open.get(target) === channels) open.delete(target);
    });
    channels.set(key, opened);
    return opened;
  });
}
