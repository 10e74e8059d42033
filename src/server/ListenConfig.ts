import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer, ServerOptions } from 'node:https';
import type { ObservableInput, Observer } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import type { Data, Sendable } from '../core/Data.ts';
import type { Handshake } from '../core/Handshake.ts';
import type { AcceptConfig } from './AcceptConfig.ts';
import type { Decision } from './Decision.ts';
import type { ListenAddress } from './ListenAddress.ts';
import type { Upgrade } from './Upgrade.ts';
import type { UpgradeConfig } from './UpgradeConfig.ts';

/** What `listen` takes: a server of its own, or a borrowed one; then what `upgrades` and `accept` take. */
export interface ListenConfig<
  In = Data,
  Out = Sendable,
  D extends Decision | ObservableInput<Decision> = true,
>
  extends AcceptConfig<In, Out>, UpgradeConfig {
  /** Of an own server. Default 0: one that is free; `listening` tells which. */
  port?: number;
  /** The address or name that an own server listens on. Default: all addresses of the machine. */
  host?: string;
  /** Makes an own server an HTTPS one: `key`, `cert` and what else `node:https` takes. */
  tls?: ServerOptions;
  /** A server to borrow; it is neither started nor closed, and `port`, `host` and `tls` are not used. */
  server?: HttpServer | HttpsServer;
  /** Decides about each upgrade, see `accept`. Default: all are accepted. */
  shouldUpgrade?: (upgrade: Upgrade) => D;
  /**
   * Its first value drains the server: new upgrades get 503, reading stops, handlers finish, everything is
   * flushed and closed with 1001, then the server closes. What still goes on after `closeTimeoutMs` (10 s) is closed too, and cut half
   * a second later. An error does so too, and goes to `onError`; completing
   * without a value does nothing.
   */
  closeWhen?: ObservableInput<unknown>;
  /**
   * Over how long a drain closes its connections, one after the other, so that thousands of clients do not come back in the
   * same second; until its turn each goes on as before. Default 0: all at once.
   */
  closeSpreadMs?: number;
  /** Told once, when the server listens. */
  listening?: ((address: ListenAddress) => void) | Partial<Observer<ListenAddress>>;
  /** See `ConnectionConfig`; also for `origins`, `listening` and `closeWhen`. */
  onError?: (error: unknown, where: Connection<NoInfer<In>, NoInfer<Out>> | Handshake) => void;
}
