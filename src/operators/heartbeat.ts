import {
  asyncScheduler,
  filter,
  merge,
  mergeMap,
  type MonoTypeOperatorFunction,
  Observable,
  of,
  type SchedulerLike,
  type Subscription,
  takeUntil,
} from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import { engineOf } from '../connection/EngineConnection.ts';
import type { Prepared } from '../core/Prepared.ts';
import { RequestTimeoutError } from '../core/RequestTimeoutError.ts';
import { timerDelay } from '../core/timerDelay.ts';
import { verdict } from '../core/verdict.ts';
import { tell } from './tell.ts';
import { watched } from './watched.ts';

/** How a silent peer is found out. Times are in milliseconds. */
export interface HeartbeatConfig<Out, In = unknown> {
  /** A message that the peer answers, whatever with. Without one it has to say something by itself. */
  send?: NoInfer<Out | Prepared<Out>>;
  /**
   * Whether a message is the answer to `send`; others are no life then. While the connection is held, where nobody can tell, any is.
   * Default: anything is an answer.
   */
  expect?: (message: In) => boolean;
  /** How long the peer may be silent before it is asked. Default 20 s. */
  intervalMs?: number;
  /** How long it may be silent after that. Default 20 s. */
  timeoutMs?: number;
  /** Where time comes from. Default `asyncScheduler`. */
  scheduler?: SchedulerLike;
}

/**
 * Passes connections on, and cuts those whose peer says nothing any more: after `intervalMs` of silence `send` is sent,
 * and after `timeoutMs` of further silence the connection is terminated. It is for pages, which cannot `ping()`, and
 * for what stands between that answers pings by itself.
 *
 *     peer    -a----b----------
 *     sent    ------------h----     { send: h, intervalMs: 6, timeoutMs: 4 }
 *     result  c---------------#     from `connect`: lost, 1006, by this end
 *
 * Anything counts as life, if `expect` does not say otherwise: each message, ping and pong, as it arrives, also while the connection is
 * held and where nobody reads. While the socket itself is paused, since what was read ahead waits, silence is nobody's fault and not
 * counted. The answers are messages like any other.
 *
 * **Completes** and **errors** as the source does, and with what `expect` throws: `connect` with a `ConnectionClosedError`, whose `cause` is a
 * `RequestTimeoutError`; `reconnect` and `link` come back then. **On unsubscribe** asks no more. **Holds** nothing.
 *
 * @example
 * const alive = connect({ url, codec }).pipe(heartbeat({ send: { type: 'ping' } }));
 * alive.pipe(switchMap(({ messages }) => messages), reconnect()).subscribe(console.log);
 * link(alive).messages.subscribe(console.log);
 */
export function heartbeat<In, Out, Context>(
  config: HeartbeatConfig<Out, NoInfer<In>> = {},
): MonoTypeOperatorFunction<Connection<In, Out, Context>> {
  return mergeMap((connection) => merge(of(connection), beats(connection, config)));
}

/** Emits nothing; completes when the connection has ended. */
function beats<In, Out, Context>(
  connection: Connection<In, Out, Context>,
  {
    send,
    expect,
    intervalMs = 20_000,
    timeoutMs = 20_000,
    scheduler = asyncScheduler,
  }: HeartbeatConfig<Out, In>,
): Observable<never> {
  const engine = engineOf(connection);
  const beating = new Observable<never>((subscriber) => {
    let since = scheduler.now();
    let isAsked = false;
    let timer: Subscription | undefined;
    subscriber.add(() => timer?.unsubscribe());
    const begin = (asked: boolean): void => {
      since = scheduler.now();
      isAsked = asked;
    };
    /** Looks again when the silence may be too long. What is heard meanwhile needs no timer of its own. */
    const wait = (): void => {
      const leftMs = Math.max(since + (isAsked ? timeoutMs : intervalMs) - scheduler.now(), 0);
      // One at a time: what is added to the subscriber stays there.
      if (!subscriber.closed) timer = scheduler.schedule(look, timerDelay(leftMs));
    };
    const look = (): void => {
      // What is closing has a time limit of its own.
      if (engine.state !== 'open') return;
      if (engine.incoming.backpressure?.isPaused) begin(false);
      if (!isOver()) wait();
      else if (isAsked) engine.transport.clock.afterIo(giveUp);
      else {
        begin(true);
        if (send !== undefined) tell(connection, send);
        wait();
      }
    };
    const isOver = (): boolean => scheduler.now() - since >= (isAsked ? timeoutMs : intervalMs);
    /** The timer may have been late, and an answer waiting in the socket all the time. */
    const giveUp = (): void => {
      if (subscriber.closed) return;
      const silence = `the peer said nothing for ${intervalMs} ms, nor for ${timeoutMs} ms after it was asked`;
      if (isAsked && isOver()) engine.terminate(new RequestTimeoutError(silence));
      else wait();
    };
    const heard = (): void => begin(false);
    if (expect === undefined) subscriber.add(connection.frames.subscribe(heard));
    else {
      const isAnyLife = (): boolean => !isAsked || engine.isHeld;
      const answers = watched(connection).pipe(filter((message) => verdict(expect(message), 'expect')));
      subscriber.add(connection.frames.pipe(filter(isAnyLife)).subscribe(heard));
      subscriber.add(answers.subscribe({ next: heard, error: (error: unknown) => subscriber.error(error) }));
    }
    wait();
  });
  return beating.pipe(takeUntil(connection.closed));
}
