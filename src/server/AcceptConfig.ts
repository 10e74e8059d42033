import type { ConnectionConfig } from '../connection/ConnectionConfig.ts';
import type { Data, Sendable } from '../core/Data.ts';
import type { PerMessageDeflate } from '../transports/ws/PerMessageDeflate.ts';

/** What a server makes its connections with. */
export interface AcceptConfig<In = Data, Out = Sendable> extends ConnectionConfig<In, Out> {
  /**
   * Compression (RFC 7692), where the client asks for it. It costs memory and time on each connection. Default
   * off.
   */
  perMessageDeflate?: boolean | PerMessageDeflate;
}
