import type { Handshake } from '../core/Handshake.ts';
import type { Transport } from '../core/Transport.ts';
import type { ConnectionSettings } from './ConnectionConfig.ts';

/** What a connection is opened with. */
export interface Opened<Context> {
  readonly transport: Transport;
  readonly settings: ConnectionSettings;
  readonly handshake: Handshake;
  readonly context: Context;
}
