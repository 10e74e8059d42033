import type { SchedulerLike } from 'rxjs';
import type { OnError } from '../core/ErrorReport.ts';
import type { Origins } from './isOriginAllowed.ts';
import type { ServerStatistics } from './ServerStatistics.ts';
import type { Upgrade } from './Upgrade.ts';

/** Which requests become upgrades. */
export interface UpgradeConfig {
  /**
   * A string is the whole path: `/chat`. A segment `:name` stands for any one, and becomes `params.name`: `/rooms/:room`; a last
   * segment `*` for all that follows, and becomes `params['*']`: `/api/*`. A `RegExp` finds its match in it, and its named groups
   * become `params`. Left out, it is every path that no one else has. Exact paths are asked first, then patterns in the order of
   * subscription, then those with `*`, the longest first.
   */
  path?: string | RegExp;
  /**
   * Which pages may connect. Default: those of the host that is asked, on any port. What comes from no page may
   * always.
   */
  origins?: Origins;
  /**
   * The subprotocols that the server speaks: the first that the client offers and that is one of them is chosen.
   * Default none.
   */
  protocols?: readonly string[];
  /** How many sockets there may be, undecided and open ones; past it 503. Default: no limit. */
  maxConnections?: number;
  /**
   * How many sockets there may be of one address, undecided and open ones; past it 503. Of IPv6 the network of 64 bits
   * counts. Default: no limit, since behind a proxy all have one; see `addressOf`.
   */
  maxConnectionsPerAddress?: number;
  /**
   * Whose a request is, for `maxConnectionsPerAddress`: behind a proxy a header that it sets, and that no client can. Undefined:
   * the other end of the socket. What it throws refuses with 500. Default: always that.
   */
  addressOf?: (upgrade: Upgrade) => string | undefined;
  /**
   * How long an upgrade may stay undecided, from its arrival; then 503. On an own server (`listen`) also how long
   * a request, and a TLS handshake, may take to arrive. Default 10 s; `Infinity` turns it off.
   */
  handshakeTimeoutMs?: number;
  /** Counts what is refused, beside what else it counts; see `serverStatistics`. */
  statistics?: ServerStatistics;
  /**
   * Where time comes from: how long an upgrade is undecided. On an own server, when a request arrives is Node's affair, and
   * by the clock of the machine. Default: that clock.
   */
  scheduler?: SchedulerLike;
  /** `origins` or `addressOf` threw. Default: a process warning. */
  onError?: OnError<never>;
}
