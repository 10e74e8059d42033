import type { ConnectionConfig } from '../connection/ConnectionConfig.ts';
import type { Data, Sendable } from '../core/Data.ts';
import type { ServerStatistics } from './ServerStatistics.ts';
import type { PerMessageDeflate } from '../transports/ws/PerMessageDeflate.ts';

/** What a server makes its connections with. */
export interface AcceptConfig<In = Data, Out = Sendable> extends ConnectionConfig<In, Out> {
  /**
   * Compression (RFC 7692), where the client asks for it. It costs memory and time on each connection. Default
   * off.
   */
  perMessageDeflate?: boolean | PerMessageDeflate;
  /** The most frames that one message may come in; more of them close with 1008. Default 16,384. */
  maxFragments?: number;
  /** Counts what its connections do; see `serverStatistics`. */
  statistics?: ServerStatistics;
  /** How many messages a client may send in a second, see `excess`. Default: no limit; while the work is held, the client is. */
  maxMessagesPerSecond?: number;
  /** How many bytes of messages a client may send in a second, see `excess`. Default: no limit. */
  maxBytesPerSecond?: number;
  /** How often a client may ping, see `excess`; of more pings the newest is answered. Default 100. */
  maxPingsPerSecond?: number;
  /**
   * What becomes of a client that sends more in a second. `'hold'`, the default: nothing more is delivered until the second is
   * over, which costs only the client time. `'close'`: it is closed with 1008.
   */
  excess?: 'hold' | 'close';
}
