import type { Link } from '../../connection/Link.ts';
import type { Data, Sendable } from '../../core/Data.ts';
import { dialPlatform } from '../../transports/platform/dialPlatform.ts';
import type { Linkable, LinkConfig } from '../LinkConfig.ts';
import { linkOver } from '../linkOver.ts';

/**
 * One conversation over successive connections of the platform's `WebSocket`: see `link` in Node, and `connect` for what a
 * page cannot do. It is not told the status of a refusal, so each one gets another attempt: limit
 * `reconnect.attempts`, or let the server accept and close with 4401. Behind `heartbeat` it finds out silent servers.
 *
 * @example
 * const feed = link({ url: '/quotes', codec: json<Quote, Ask>() });
 * feed.status.subscribe(({ state }) => (document.title = state));
 */
export function link<In = Data, Out = Sendable>(
  linkable: Linkable<In, Out>,
  config: LinkConfig = {},
): Link<In, Out> {
  return linkOver(linkable, config, dialPlatform);
}
