import type { SchedulerLike } from 'rxjs';
import type { OnError } from '../core/ErrorReport.ts';
import type { Origins } from './isOriginAllowed.ts';

/** Which requests become upgrades. */
export interface UpgradeConfig {
  /**
   * A string is the whole path; a `RegExp` finds its match in it, and its named groups become `params`; left out,
   * it is every path that no one else has. Exact paths are asked first, then patterns, each in the order of
   * subscription.
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
   * How long an upgrade may stay undecided, from its arrival; then 503. On an own server (`listen`) also how long
   * a request, and a TLS handshake, may take to arrive. Default 10 s; `Infinity` turns it off.
   */
  handshakeTimeoutMs?: number;
  /**
   * Where time comes from: how long an upgrade is undecided. On an own server, when a request arrives is Node's affair, and
   * by the clock of the machine. Default: that clock.
   */
  scheduler?: SchedulerLike;
  /** `origins` threw. Default: a process warning. */
  onError?: OnError<never>;
}
