import { allFrames } from '../connection/allFrames.ts';
import { type ConnectionSettings, connectionSettings } from '../connection/ConnectionConfig.ts';
import { published } from '../connection/diagnostics.ts';
import { EngineConnection } from '../connection/EngineConnection.ts';
import type { Handshake } from '../core/Handshake.ts';
import type { Transport } from '../core/Transport.ts';
import type { AcceptConfig } from './AcceptConfig.ts';
import { RateMeter } from './RateMeter.ts';

/** Makes the connections of one config, over transports that are open. */
export class Opener<In, Out> {
  readonly settings: ConnectionSettings;
  private readonly config: AcceptConfig<In, Out>;

  /** Throws an `InvalidArgumentError` for limits that cannot be. */
  constructor(config: AcceptConfig<In, Out>) {
    RateMeter.check(config);
    this.config = config;
    this.settings = {
      ...connectionSettings({ ...config, framing: allFrames }),
      counts: config.statistics?.counts,
    };
  }

  get onError(): ConnectionSettings['onError'] {
    return this.settings.onError;
  }

  open<Context>(
    transport: Transport,
    handshake: Handshake,
    context: Context,
  ): EngineConnection<In, Out, Context> {
    const { settings } = this;
    const connection = new EngineConnection<In, Out, Context>({
      transport,
      settings,
      handshake,
      context,
    });
    RateMeter.watch(connection.engine, this.config);
    this.config.statistics?.add(connection.engine);
    return published(connection);
  }
}
