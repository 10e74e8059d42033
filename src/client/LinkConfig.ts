import type { Observable } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import type { ConnectConfig, Dialable } from './ConnectConfig.ts';
import type { ReconnectConfig } from './ReconnectConfig.ts';

/** What waits while a link has no connection. */
export interface OfflineBuffer {
  /** How many messages; a further one is not taken. Default 1,000. */
  maxMessages?: number;
  /** How many bytes of text, bytes and prepared messages; what has to be encoded first is not counted. Default 1 MiB. */
  maxBytes?: number;
  /** What becomes of it when the link is open again after a loss. What waited for the first connection is sent. Default `'flush'`. */
  onReconnect?: 'flush' | 'discard';
}

/** How a link comes back, and what it does until then. */
export interface LinkConfig {
  /** When it comes back, and how often; see `reconnect`. */
  reconnect?: ReconnectConfig;
  /**
   * What `send` does while there is no connection. Default `'buffer'`: the message waits, within the bounds of an `OfflineBuffer`.
   * `'drop'`: it is not taken (false). `'error'`: `send` throws a `NotSentError`.
   */
  offline?: 'error' | 'drop' | 'buffer' | OfflineBuffer;
}

/** What a link is made over: all that `connect` takes, or connections. */
export type Linkable<In, Out> =
  Dialable<In, Out> | (ConnectConfig<In, Out> & LinkConfig) | Observable<Connection<In, Out, undefined>>;
