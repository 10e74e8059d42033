import type { Observable, SchedulerLike } from 'rxjs';
import type { KeepAliveConfig } from '../core/KeepAliveConfig.ts';
import type { Transport } from '../core/Transport.ts';
import type { PerMessageDeflate } from './ws/PerMessageDeflate.ts';
import type { TlsOptions } from './ws/TlsOptions.ts';

/** What is dialled, with every choice made. */
export interface DialRequest {
  readonly url: URL;
  /** The same for messages: without password and query. */
  readonly where: string;
  readonly protocols: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsOptions | undefined;
  readonly perMessageDeflate: boolean | PerMessageDeflate;
  /** False: not through the platform's `WebSocketStream`. */
  readonly webSocketStream?: boolean | undefined;
  readonly handshakeTimeoutMs: number;
  readonly maxMessageBytes: number;
  /** These three: undefined is as is usual for the transport. */
  readonly maxFragments?: number | undefined;
  readonly maxPingsPerSecond?: number | undefined;
  readonly keepAlive?: KeepAliveConfig | false | undefined;
  /** Undefined: the time of the platform. */
  readonly scheduler: SchedulerLike | undefined;
}

/** A connection that has just been opened, and the answer that opened it. */
export interface Dialed {
  readonly transport: Transport;
  readonly headers: Readonly<Record<string, string>>;
  readonly remoteAddress: string;
}

/**
 * Opens a connection at each subscription. **Emits** it within the event that opened it, so that no frame is lost,
 * and **completes**. **Errors with** a `HandshakeError`, or an `InvalidArgumentError` before anything is sent.
 * **On unsubscribe** before the emission leaves nothing open; after it does nothing.
 */
export type Dial = (request: DialRequest) => Observable<Dialed>;
