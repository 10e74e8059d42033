import { InvalidArgumentError } from '../../core/InvalidArgumentError.ts';
import { askCluster, askSentinel, checkMaster, checkMember } from './askedNodes.ts';
import { type Address, type Place, type PlaceMap, placeOf } from './Layout.ts';
import { overNodeRedis } from './overNodeRedis.ts';
import type { OpenNodeRedis } from './RedisClient.ts';
import type { RedisConnection } from './RedisConnection.ts';
import type { RedisNodes, Seed } from './RedisNodes.ts';

interface NodeOptions {
  readonly url?: string;
  readonly socket?: Partial<Place>;
}

/** What `createCluster` and `createSentinel` take, of what is used. */
interface Options {
  readonly RESP?: number;
  readonly nodeAddressMap?: PlaceMap;
  readonly rootNodes?: readonly NodeOptions[];
  readonly defaults?: NodeOptions;
  readonly name?: string;
  readonly sentinelRootNodes?: readonly Place[];
  readonly nodeClientOptions?: NodeOptions;
  readonly sentinelClientOptions?: NodeOptions;
}

type Create = (options: object) => OpenNodeRedis;

/** Nothing waits in it, its commands have no timers, and when it is lost another is made. */
const ONCE = {
  disableOfflineQueue: true,
  commandOptions: { timeout: 0 },
  maintNotifications: 'disabled',
};

/** The nodes of what `createCluster` or `createSentinel` of `@redis/client` made. */
export function nodeRedisNodes(client: object): (create: Create) => RedisNodes {
  const options = optionsOf(client);
  const { rootNodes, sentinelRootNodes, name, RESP } = options;
  return (create) => {
    const open = (own: NodeOptions | undefined, socket: object, url?: string): RedisConnection =>
      overNodeRedis(
        create({
          ...(RESP !== undefined && { RESP }),
          ...own,
          ...ONCE,
          url,
          socket: { ...own?.socket, ...socket, reconnectStrategy: false },
        }),
      );
    const mapped = (address: Address): Place => placeOf(address, options.nodeAddressMap);
    if (rootNodes !== undefined) {
      const { defaults } = options;
      const seeds = rootNodes.map((root): Seed => {
        const host = root.url === undefined ? root.socket?.host : new URL(root.url).hostname;
        return {
          host: host ?? 'localhost',
          open: () =>
            open({ ...defaults, ...root, socket: { ...defaults?.socket } }, { ...root.socket }, root.url),
        };
      });
      return {
        seeds: () => Promise.resolve(seeds),
        at: (address) => open(defaults, mapped(address)),
        ask: askCluster,
        check: checkMember,
        areAsked: true,
      };
    }
    const seeds = sentinelRootNodes!.map((sentinel): Seed => ({
      host: sentinel.host,
      open: () => open(options.sentinelClientOptions, mapped(`${sentinel.host}:${sentinel.port}`)),
    }));
    return {
      seeds: () => Promise.resolve(seeds),
      at: (address) => open(options.nodeClientOptions, mapped(address)),
      ask: (connection) => askSentinel(connection, name!),
      check: checkMaster,
      areAsked: false,
    };
  };
}

/** What it was made with: it does not show that, but gives it to who is made like it. */
function optionsOf(client: object): Options {
  let found: Options | undefined;
  function Like(options: Options): void {
    found = options;
  }
  const shown = Object.create(client, { constructor: { value: Like } }) as object;
  const like = Object.create(shown) as { duplicate?: () => unknown };
  like.duplicate?.();
  if (found?.rootNodes === undefined && found?.sentinelRootNodes === undefined)
    throw new InvalidArgumentError(
      'redis({ client }) does not know this version of createCluster or createSentinel',
    );
  return found;
}
