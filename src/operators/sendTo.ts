import { Observable, type ObservableInput } from 'rxjs';
import { type EngineConnection, isEngineConnection } from '../connection/EngineConnection.ts';
import { feedTo } from '../connection/feedTo.ts';
import type { Dropped } from '../core/Dropped.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import type { Overflow } from '../core/Overflow.ts';
import type { Pausable } from '../core/Pausable.ts';
import type { Peer } from '../core/Peer.ts';
import type { Prepared } from '../core/Prepared.ts';
import type { Valve } from '../core/Valve.ts';
import { holdOf } from './holdOf.ts';

/** How one source is sent. */
export interface SendToConfig<Out> {
  /** What becomes of this source's messages where the peer is slow. Default: the policy of the connection. */
  overflow?: Overflow<Out>;
  /** Where the messages come from: it is held while the target is full, so that nothing has to be dropped. */
  holds?: Valve | Pausable;
  /** Told of what was dropped of this source. */
  dropped?: (report: Dropped) => void;
}

/**
 * A sink: sends what the source emits to `target`, and emits nothing. Each source has a queue and a policy of its own: a
 * ticker may be conflated, while nothing of a chat on the same connection is lost.
 *
 *     source     -a-b-c-d
 *     writable   t-f--t--
 *     sent       -a---c-d    { overflow: 'latest' }: b was superseded
 *
 * The result is also a function of iterables and streams, `sendTo(target)(createReadStream(path))`, which are pulled only while
 * the target is writable, and returned or destroyed when it ends.
 *
 * **Completes** when the source completes (all was taken), or the target was closed. **Errors with** what the source errors
 * with, a `ConnectionClosedError` where the target was lost, an `OverflowError` by that policy. **On unsubscribe**
 * what was taken is still sent. **Holds** what the policy says: at most `maxQueuedBytes` beyond one message.
 *
 * @example
 * client.messages.pipe(sendTo(upstream, { holds: client }))
 */
export function sendTo<Out>(
  target: Peer<unknown, Out>,
  config: SendToConfig<Out> = {},
): (source: ObservableInput<Out | Prepared<Out>>) => Observable<never> {
  if (!isEngineConnection(target))
    throw new InvalidArgumentError('sendTo sends to connections of this library');
  const connection = target as unknown as EngineConnection<unknown, Out, unknown>;
  const { engine } = connection;
  return (source) =>
    new Observable<never>((subscriber) => {
      const { overflow, holds, dropped } = config;
      const { outgoing, settings } = engine;
      const ownLane = overflow !== undefined || dropped !== undefined;
      const lane = ownLane ? outgoing.lanes.add(overflow ?? settings.overflow, dropped) : undefined;
      subscriber.add(
        engine.closed.subscribe(() => {
          const error = engine.endError();
          if (error === undefined) subscriber.complete();
          else subscriber.error(error);
        }),
      );
      if (holds !== undefined) {
        const hold = holdOf(holds);
        subscriber.add(() => hold.end());
        subscriber.add(
          outgoing.writable.subscribe((isWritable) => {
            try {
              if (isWritable || engine.state !== 'open') hold.end();
              else hold.begin();
            } catch (error) {
              subscriber.error(error);
            }
          }),
        );
      }
      if (subscriber.closed) return;
      const output = feedTo(engine, source, {
        next: (message) => {
          if (subscriber.closed) return;
          try {
            connection.sendIn(message, lane);
          } catch (error) {
            subscriber.error(error);
          }
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
      subscriber.add(() => output.unsubscribe());
    });
}
