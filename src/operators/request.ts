import {
  asyncScheduler,
  concat,
  defer,
  filter,
  merge,
  type Observable,
  type SchedulerLike,
  take,
  throwError,
  timeout,
} from 'rxjs';
import { engineIn } from '../connection/engineIn.ts';
import { isSuccessive } from '../connection/SuccessivePeer.ts';
import type { Peer } from '../core/Peer.ts';
import type { Prepared } from '../core/Prepared.ts';
import { RequestTimeoutError } from '../core/RequestTimeoutError.ts';
import { timerDelay } from '../core/timerDelay.ts';
import { verdict } from '../core/verdict.ts';
import { current } from './current.ts';
import { endOf } from './endOf.ts';
import { sendOnce } from './sendOnce.ts';
import { watched } from './watched.ts';

/** What answers a request, and how long that may take. */
export interface RequestConfig<In> {
  /** Whether a message is the reply. It is asked about every message, until one is. */
  matches: (reply: In) => boolean;
  /** How long the reply may take in milliseconds, the wait for a link to be open included. Default 10 s. */
  timeoutMs?: number;
  /** Where time comes from. Default `asyncScheduler`. */
  scheduler?: SchedulerLike;
}

/**
 * Sends `message` and emits the message that answers it. Cold: each subscription asks anew.
 *
 *     messages   -a---r---r--
 *     sent       -q----------
 *     result     -----(r|)       { matches: (message) => message is r }
 *
 * It only looks at messages, each decoded once, before they go to who reads `messages`: who reads gets the reply too, and
 * somebody has to read, since what nobody reads closes the connection with 1008. (Of a peer that is no
 * connection it reads `messages`.) What arrived before it asked is no reply. On a link it waits until that is open, and
 * sends behind what waited there.
 *
 * **While the connection is held nothing is delivered, a reply neither.** So an inner Observable of `flowMap` that waits
 * for a reply on the connection that it holds would wait for ever; there the deadline ends it, and says so.
 *
 * **Completes** with the reply. A second one, and one that comes too late, is a message like any other. **Errors with** a
 * `RequestTimeoutError` after `timeoutMs`; a `ConnectionClosedError` where the connection ends first, on a link too; a
 * `NotSentError` where `send` answers false; what `send` or `matches` throws. **On unsubscribe** looks no further; what was sent
 * is not taken back. **Holds** nothing.
 *
 * @example
 * request(connection, { id: 7, method: 'add', params: [1, 2] }, { matches: (reply) => reply.id === 7 })
 */
export function request<In, Out, R extends In>(
  target: Peer<In, Out>,
  message: NoInfer<Out | Prepared<Out>>,
  config: RequestConfig<In> & { matches: (reply: In) => reply is R },
): Observable<R>;
export function request<In, Out>(
  target: Peer<In, Out>,
  message: NoInfer<Out | Prepared<Out>>,
  config: RequestConfig<In>,
): Observable<In>;
export function request<In, Out>(
  target: Peer<In, Out>,
  message: Out | Prepared<Out>,
  { matches, timeoutMs = 10_000, scheduler = asyncScheduler }: RequestConfig<In>,
): Observable<In> {
  let asked: Peer<In, Out> = target;
  const exchange = (peer: Peer<In, Out>): Observable<In> => {
    asked = peer;
    const ended = defer(() => throwError(() => endOf(peer)));
    const replies = watched(peer).pipe(filter((reply) => verdict(matches(reply), 'matches')));
    // First it looks: over memory the reply may come inside the call.
    return merge(concat(replies, ended), sendOnce(peer, message));
  };
  return defer(() => current(target, exchange)).pipe(
    take(1),
    timeout({
      first: timerDelay(timeoutMs),
      scheduler,
      with: () => throwError(() => late(asked, timeoutMs)),
    }),
  );
}

function late(peer: Peer<unknown, never>, timeoutMs: number): RequestTimeoutError {
  if (isSuccessive(peer))
    return new RequestTimeoutError(`not sent within ${timeoutMs} ms: the link was not open`);
  const advice = engineIn(peer)?.isHeld
    ? 'its reading is held, and while it is no reply is delivered: do not wait for one where that is what holds (in flowMap: more concurrency)'
    : 'a longer timeoutMs may help, or another look at matches';
  return new RequestTimeoutError(`no reply within ${timeoutMs} ms; ${advice}`);
}
