import type { Connection } from '../connection/Connection.ts';
import { type ConnectionSettings, connectionSettings } from '../connection/ConnectionConfig.ts';
import { published } from '../connection/diagnostics.ts';
import { EngineConnection } from '../connection/EngineConnection.ts';
import type { OnError } from '../core/ErrorReport.ts';
import type { Handshake } from '../core/Handshake.ts';
import type { Transport } from '../core/Transport.ts';
import type { AcceptConfig } from './AcceptConfig.ts';
import { RateMeter } from './RateMeter.ts';

/** Makes the connections of one config, over transports that are open. */
export class Opener<In, Out> {
  readonly settings: ConnectionSettings;
  readonly onError: OnError<Connection<unknown, never>> | undefined;
  private readonly config: AcceptConfig<In, Out>;

  /** Throws an `InvalidArgumentError` for limits that cannot be. */
  constructor(config: AcceptConfig<In, Out>) {
    RateMeter.check(config);
    this.config = config;
    this.settings = { ...connectionSettings(config), counts: config.statistics?.counts };
    this.onError = config.onError as OnError<Connection<unknown, never>> | undefined;
  }

  open<Context>(
    transport: Transport,
    handshake: Handshake,
    context: Context,
  ): EngineConnection<In, Out, Context> {
    const { settings, onError } = this;
    const connection = new EngineConnection<In, Out, Context>({
      transport,
      settings,
      handshake,
      context,
      onError,
    });
    RateMeter.watch(connection.engine, this.config);
    this.config.statistics?.add(connection.engine);
    return published(connection);
  }
}
