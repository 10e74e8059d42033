import { ClusterNode } from './ClusterNode.ts';
import { delayMs } from './delayMs.ts';
import type { Address } from './Layout.ts';
import { Redirects, type Routes } from './Redirects.ts';
import type { RedisConnection, RedisEvents, RedisKind } from './RedisConnection.ts';
import type { RedisNodes } from './RedisNodes.ts';
import { Shards } from './Shards.ts';
import { slotOf } from './slotOf.ts';
import type { Whereabouts } from './Whereabouts.ts';

/** How a cluster is used. */
export interface RedisClusterConfig {
  nodes: RedisNodes;
  where: Whereabouts;
  /** Connected to all that have slots, or to any one of them. */
  isWhole: boolean;
}

/**
 * The nodes of a cluster as one connection, by plain connections to them. It is there when all of them are, and lost when one is:
 * the clients of clusters renew in silence what they had subscribed to, and send again what may have arrived.
 */
export class RedisCluster implements RedisConnection {
  private readonly config: RedisClusterConfig;
  private readonly nodes = new Map<Address, ClusterNode>();
  private readonly retired = new Set<ClusterNode>();
  private readonly routes: Routes;
  private readonly redirects: Redirects;
  private readonly shards: Shards;
  private events: RedisEvents | undefined;
  private isUp = false;
  private attempts = 0;
  private retry: NodeJS.Timeout | undefined;
  /** Which was lost last: another is tried first. */
  private lastLost: Address | undefined;

  constructor(config: RedisClusterConfig) {
    this.config = config;
    this.routes = {
      of: (slot) => {
        const address = config.where.layout?.ownerOf(slot);
        return address === undefined ? undefined : this.at(address);
      },
      at: (address) => this.at(address),
      moved: (slot, address) => config.where.moved(slot, address),
      refused: (node, error) => {
        // It would refuse what comes next too, until another has taken over.
        if (isDown(error)) this.lose(node, error);
      },
    };
    this.redirects = new Redirects(this.routes);
    this.shards = new Shards(this.routes, (name) => this.events?.moved('shard', [name]));
  }

  start(events: RedisEvents): void {
    this.events = events;
    this.config.where.follow(() => this.follow());
    this.look();
  }

  command(args: readonly (string | Uint8Array)[]): Promise<unknown> {
    const [name] = args;
    if (name === 'PING') return this.ping(args);
    return this.redirects.send(slotOf(args[name === 'EVAL' ? 3 : 1]!), args);
  }

  subscribe(kind: RedisKind, names: readonly string[]): Promise<unknown> {
    if (kind === 'shard') return this.shards.subscribe(names);
    return this.any((node) => node.connection.subscribe(kind, names));
  }

  unsubscribe(kind: RedisKind, name: string): void {
    if (kind === 'shard') this.shards.unsubscribe(name);
    else for (const node of this.nodes.values()) if (node.isReady) node.connection.unsubscribe(kind, name);
  }

  close(): void {
    this.events = undefined;
    clearTimeout(this.retry);
    this.config.where.close();
    const closed = new Error('the connection was closed');
    this.redirects.fail(closed);
    const all = [...this.nodes.values(), ...this.retired];
    this.nodes.clear();
    for (const node of all) node.end(closed);
  }

  private any(ask: (node: ClusterNode) => Promise<unknown>): Promise<unknown> {
    for (const node of this.nodes.values()) if (node.isReady) return ask(node);
    return Promise.reject(new Error('no node of the cluster is reached'));
  }

  /** Of all of them. A node that has left the others still answers: so they are looked for too. */
  private ping(args: readonly (string | Uint8Array)[]): Promise<unknown> {
    this.config.where.look().catch((error: unknown) => {
      if (isDown(error)) this.lost(error);
    });
    return Promise.allSettled(
      [...this.nodes.values()].map((node) => node.do((connection) => connection.command(args))),
    );
  }

  private look(): void {
    this.config.where.look().catch((error: unknown) => this.lost(error));
  }

  /** Is connected to those that are there now, and to no others. */
  private follow(): void {
    const { where, isWhole } = this.config;
    if (this.events === undefined || where.layout === undefined) return;
    const { masters } = where.layout;
    const wanted = isWhole ? masters : this.one(masters);
    for (const address of wanted) this.at(address);
    this.shards.follow();
    for (const node of [...this.nodes.values()]) if (!wanted.includes(node.address)) this.retire(node);
    this.settle();
  }

  private one(masters: readonly Address[]): readonly Address[] {
    const open = masters.filter((address) => this.nodes.has(address));
    if (open.length > 0) return open.slice(0, 1);
    const others = masters.filter((address) => address !== this.lastLost);
    const from = others.length > 0 ? others : masters;
    return from.slice(Math.floor(Math.random() * from.length)).slice(0, 1);
  }

  private at(address: Address): ClusterNode {
    const there = this.nodes.get(address);
    if (there !== undefined) return there;
    const node = new ClusterNode(address, this.config.nodes.at(address));
    this.nodes.set(address, node);
    const lost = (error: unknown): void => this.lose(node, error);
    node.connection.start({
      ready: () => {
        this.config.nodes.check(node.connection).then(() => {
          if (this.nodes.get(address) !== node) return;
          node.ready();
          this.settle();
        }, lost);
      },
      lost,
      fatal: lost,
      message: (kind, name, channel, payload) => this.events?.message(kind, name, channel, payload),
      moved: (_kind, names) => this.shards.endedBy(node, names),
    });
    return node;
  }

  private settle(): void {
    const all = [...this.nodes.values()];
    if (this.isUp || all.length === 0 || !all.every(({ isReady }) => isReady)) return;
    this.isUp = true;
    this.attempts = 0;
    this.events?.ready();
  }

  /** It has no slots any more. */
  private retire(node: ClusterNode): void {
    const gone = new Error(`the node ${node.address} has no slots any more`);
    if (!this.config.isWhole) {
      this.lose(node, gone);
      return;
    }
    this.nodes.delete(node.address);
    this.retired.add(node);
    // What it was asked before is answered first.
    const end = (): void => {
      this.retired.delete(node);
      node.end(gone);
    };
    node.do((connection) => connection.command(['PING'])).then(end, end);
  }

  private lose(node: ClusterNode, error: unknown): void {
    if (this.nodes.get(node.address) !== node) return;
    this.nodes.delete(node.address);
    this.lastLost = node.address;
    node.end(error);
    this.lost(error);
  }

  private lost(error: unknown): void {
    if (this.events === undefined) return;
    this.isUp = false;
    this.redirects.fail(error);
    // The process waits for it.
    this.retry ??= setTimeout(() => {
      this.retry = undefined;
      this.look();
    }, delayMs(this.attempts++));
    this.events.lost(error);
  }
}

function isDown(error: unknown): boolean {
  const { message } = Object(error) as { message?: unknown };
  return /^(CLUSTERDOWN The cluster is down|READONLY)/.test(String(message));
}
