import type { Transport } from '../core/Transport.ts';
import type { ConnectionSettings } from './ConnectionConfig.ts';

/** What an engine is started with. */
export interface EngineConfig {
  readonly transport: Transport;
  readonly settings: ConnectionSettings;
  /** Whom it talks to, for messages: a URL. */
  where(): string;
  /** A function of the user failed; `isTold`: and the peer knows all there is to say, if the error does not tell. */
  report(error: unknown, isTold?: boolean): void;
}
