import { defer, type MonoTypeOperatorFunction, retry } from 'rxjs';
import { Backoff } from './Backoff.ts';
import type { ReconnectConfig } from './ReconnectConfig.ts';

/**
 * `retry` that knows how connections fail: subscribes to the source again after a wait, where the error is one that may
 * pass. Best placed last, behind the operator that makes messages of connections.
 *
 *     connect(url)             --c---#
 *     connect(url) again                   --d-----
 *     messages of c, and d       -a-         -b-c--
 *     with reconnect()         ---a-----------b-c--
 *
 * The wait is chance, up to `initialMs` (250 ms), doubled with each failure up to `maxMs` (30 s): clients that a server loses
 * together do not come back together. After a connection that was open for `stableMs` (5 s) it begins anew, so
 * a server that accepts and drops at once is not asked ever faster. A `Retry-After` of a 503 or 429 is waited for in addition.
 * Where the platform says that it is offline, the wait lasts until it is online.
 *
 * | after | another attempt |
 * |---|---|
 * | lost: cut, reset, a garbled frame, `terminate()` | yes |
 * | closed by the peer with 1001, 1011, 1012, 1013, 1014 | yes |
 * | closed by the peer with another code: 1000, 1008, 4000 to 4999… | no |
 * | closed here with 1013, since the peer does not read | yes |
 * | closed here otherwise: a message that the codec refuses (1007), what nobody reads (1008), your `close` without an answer | no: it would come to the same |
 * | server not reached, or no answer in time, or 408, 429, 5xx | yes |
 * | refused with another status | no |
 * | any other error, such as one of your own operators | no |
 *
 * `when` decides otherwise. A page is not told the status of a refusal, so there each one gets another attempt.
 *
 * **Completes** when the source completes. **Errors with** an error that gets no further attempt, the last one of
 * `attempts`, or what `when` throws. **Throws** an `InvalidArgumentError` for a number that is negative or none. **On unsubscribe** ends the wait, or the source's subscription. **Holds** nothing:
 * what is sent between two connections is not kept; `link` does.
 *
 * @example
 * connect('wss://example.com/prices').pipe(switchMap(({ text }) => text), reconnect()).subscribe(console.log);
 */
export function reconnect<T>(config: ReconnectConfig = {}): MonoTypeOperatorFunction<T> {
  Backoff.check(config);
  return (source) =>
    defer(() => {
      const backoff = new Backoff(config);
      return source.pipe(retry({ delay: (error) => backoff.wait(backoff.delayAfter(error)) }));
    });
}
