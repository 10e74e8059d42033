import { InvalidArgumentError } from '../../core/InvalidArgumentError.ts';
import type { Bus } from '../Bus.ts';
import type { HistoryConfig } from '../HistoryConfig.ts';
import { historyOf } from '../historyOf.ts';
import { RemoteBus } from '../remote/RemoteBus.ts';
import { optional } from '../remote/optional.ts';
import type { NatsConnection } from './NatsConnection.ts';
import { NatsDriver } from './NatsDriver.ts';
import { natsNames } from './natsNames.ts';

/** Which NATS, and how it is used. */
export type NatsConfig = NatsSettings &
  (
    | {
        /** `nats://127.0.0.1:4222`, say; with `user:password@` or `token@` before the host. Needs `@nats-io/transport-node` beside this library. */
        url: string;
      }
    | {
        /** Of `@nats-io/transport-node`; it is used, and not ended; without `noEcho`. When a server that is silent is lost its `pingInterval` says. */
        connection: NatsConnection;
      }
  );

/** How NATS is used. */
export interface NatsSettings {
  /** Before all names of subjects, and the name of the stream. Default `rxjs-ws`. */
  prefix?: string;
  /**
   * Keeps the newest messages of each topic in a stream of JetStream, so that nobody misses any who comes back in time. Needs
   * `@nats-io/jetstream` beside this library. Default: none.
   */
  history?: HistoryConfig | boolean;
  /** What may wait for NATS, in bytes; beyond it `publish` takes nothing. Default 8 MiB. */
  maxPendingBytes?: number;
  /** How long, in milliseconds, it stays connected when nobody listens or publishes. Default 1 s. */
  idleMs?: number;
}

/**
 * Topics over NATS, with nats-server 2.9 or newer. It connects with the first subscriber or message, and ends when nobody has needed
 * it for `idleMs`, so that the process can exit. A topic is one subscription for each node, `room:lobby` the subject
 * `rxjs-ws.t.room.lobby`.
 *
 * While NATS is not reached `publish` answers false, what is on its way fails, and `state` is `lost`. When it is back everything
 * is subscribed to again; what was missed is read from the history, or told as a gap. One that answers nothing for 20 s is not
 * reached.
 *
 * Each publisher's order is kept. With a history all nodes see one order; without, two of them may see what two others publish at once
 * in different orders.
 *
 * **Holds** what waits for NATS, at most `maxPendingBytes`.
 *
 * @example
 * const rooms = topics({ codec, bus: nats({ url: 'nats://127.0.0.1', history: { length: 100 } }) });
 */
export function nats(config: NatsConfig): Bus {
  const { prefix = 'rxjs-ws', maxPendingBytes, idleMs } = config;
  const history = historyOf(config.history);
  // A bad one is refused here, and not by the first message.
  natsNames(prefix);
  const isOwn = 'url' in config;
  if (!isOwn) requireConnection(config.connection, history !== undefined);
  const server = isOwn ? serverOf(config.url) : undefined;
  const open = async (): Promise<NatsConnection> => {
    if (!isOwn) return config.connection;
    const { connect } = await optional(
      () => import('@nats-io/transport-node'),
      'nats({ url }) needs a client beside it: npm install @nats-io/transport-node',
    );
    return await connect({
      ...server!,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      // A server that is cut off without a word is missed after 20 s, and not after 6 minutes.
      pingInterval: 10_000,
      maxPingOut: 1,
    });
  };
  const driver = (): NatsDriver => new NatsDriver({ open, isOwn, prefix, history });
  return new RemoteBus({ driver, hasHistory: history !== undefined, maxPendingBytes, idleMs });
}

/** Refuses what is none, a promise of one say, before the first message does. */
function requireConnection(given: NatsConnection | undefined, hasHistory: boolean): void {
  const { subscribe, status, options } = Object(given) as Partial<NatsConnection> & {
    readonly options?: { readonly noEcho?: boolean };
  };
  if (typeof subscribe !== 'function' || typeof status !== 'function')
    throw new InvalidArgumentError(
      'nats({ connection }) takes what connect of @nats-io/transport-node resolves to',
    );
  // With a history it is the server that repeats what was published, and to all.
  if (options?.noEcho === true && !hasHistory)
    throw new InvalidArgumentError(
      'nats({ connection }) takes no connection with noEcho: this node would not get what it publishes itself',
    );
}

/** The client takes no user of a URL. */
function serverOf(url: string): { servers: string; user?: string; pass?: string; token?: string } {
  const [, scheme = '', rights, host] = /^(\w+:\/\/)?(?:([^@/]*)@)?(.*)$/.exec(url)!;
  const servers = `${scheme}${host}`;
  if (rights === undefined) return { servers };
  let parts: string[];
  try {
    parts = rights.split(':', 2).map((part) => decodeURIComponent(part));
  } catch {
    throw new InvalidArgumentError('the user of the URL of a NATS is percent-encoded, with two digits each');
  }
  const [user = '', pass] = parts;
  return pass === undefined ? { servers, token: user } : { servers, user, pass };
}
