import type { Connection } from '../connection/Connection.ts';
import type { ConnectionConfig } from '../connection/ConnectionConfig.ts';
import type { OnError } from '../core/ErrorReport.ts';
import type { Data, Sendable } from '../core/Data.ts';
import type { PerMessageDeflate } from '../transports/ws/PerMessageDeflate.ts';

/** What a server makes its connections with. */
export interface AcceptConfig<In = Data, Out = Sendable> extends ConnectionConfig<In, Out> {
  /** Compression (RFC 7692), where the client asks for it. It costs memory and time on each connection. Default off. */
  perMessageDeflate?: boolean | PerMessageDeflate;
  /** A function of yours threw or rejected: the decision, the codec, the project of `handle`. Default: a process warning. */
  onError?: OnError<Connection<NoInfer<In>, NoInfer<Out>>>;
}
