import { allFrames } from '../connection/allFrames.ts';
import type { Link } from '../connection/Link.ts';
import type { Data, Sendable } from '../core/Data.ts';
import { dialWs } from '../transports/ws/dialWs.ts';
import type { Linkable, LinkConfig } from './LinkConfig.ts';
import { linkOver } from './linkOver.ts';

/**
 * One conversation over successive connections: `messages`, `send` and the channels of `multiplex` outlive each of them.
 *
 *     subscribers   ^--------------------!
 *     connection    --1---#
 *     connection              --2--------(closed with 1000)
 *     status        c-o---w---c-o--------x     connecting, open, waiting, closed
 *     messages      ---a------------b-----
 *
 * It connects with the first subscriber of `messages`, `connections`, a `multiplex` or a `request`, and closes with the last;
 * a later one begins anew. It takes what `connect` takes, with `reconnect` and `offline` beside it or as a second
 * argument; or an Observable of connections, such as `connect(…)` behind an operator. A lost connection comes back as
 * `reconnect` says. On each new one the open channels are asked for first, then `connections` emits, then what waited is
 * sent, then `status` is `open`, and requests go out.
 *
 * **Completes** (all its streams but `status` and `dropped`) when the server closes with 1000, and on `close()`. **Errors with** what
 * gets no further attempt; a message that the codec refuses is such an error (closed with 1007), since it would come again:
 * let the codec pass it, or decide in `reconnect.when`. **On unsubscribe** the last one ends the wait, the attempt or the
 * connection. **Holds** what is sent while there is no connection: 1,000 messages or 1 MiB, see `offline`. While somebody
 * listens to `messages`, or has a channel or a request, the link reads each connection; what nobody listens to is gone.
 *
 * @example
 * const feed = link({ url: 'wss://example.com/quotes', codec: json<Quote, Ask>() });
 * feed.messages.subscribe(console.log);
 * feed.send({ subscribe: 'ACME' });
 */
export function link<In = Data, Out = Sendable>(
  linkable: Linkable<In, Out>,
  config: LinkConfig = {},
): Link<In, Out> {
  return linkOver(linkable, config, dialWs, allFrames);
}
