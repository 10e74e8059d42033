import { nodeClock } from '../../transports/ws/nodeClock.ts';
import type { ClusterNode } from './ClusterNode.ts';
import { hopMs, MAX_HOPS, redirectionOf, type Routes } from './Redirects.ts';
import { slotOf } from './slotOf.ts';

interface Place {
  readonly slot: number;
  /** Where it is subscribed to, or is being. */
  node: ClusterNode | undefined;
  isStanding: boolean;
}

/** Sharded channels: each is subscribed to at the node that has its slot. */
export class Shards {
  private readonly routes: Routes;
  /** Is told a channel that no node sends any more. */
  private readonly ended: (name: string) => void;
  private readonly places = new Map<string, Place>();

  constructor(routes: Routes, ended: (name: string) => void) {
    this.routes = routes;
    this.ended = ended;
  }

  subscribe(names: readonly string[]): Promise<unknown> {
    return Promise.all(
      names.map((name) => {
        const place: Place = { slot: slotOf(name), node: undefined, isStanding: false };
        this.places.set(name, place);
        return this.stand(name, place, 0);
      }),
    );
  }

  unsubscribe(name: string): void {
    const place = this.places.get(name);
    this.places.delete(name);
    if (place?.node?.isReady) place.node.connection.unsubscribe('shard', name);
  }

  /** The node has ended these. */
  endedBy(node: ClusterNode, names: readonly string[]): void {
    for (const name of names) {
      const place = this.places.get(name);
      if (place?.node === node) this.fall(name, place);
    }
  }

  /** Slots have moved, perhaps. */
  follow(): void {
    for (const [name, place] of [...this.places]) {
      // Its old node has ended it by itself, and would refuse to be told.
      if (place.isStanding && this.routes.of(place.slot) !== place.node) this.fall(name, place);
    }
  }

  private fall(name: string, place: Place): void {
    place.node = undefined;
    // One that is being subscribed to finds that out by itself.
    if (!place.isStanding) return;
    this.places.delete(name);
    this.ended(name);
  }

  private async stand(name: string, place: Place, hops: number): Promise<void> {
    const node = this.routes.of(place.slot);
    if (node === undefined) throw new Error(`no node has the slot ${place.slot}`);
    place.node = node;
    const isWanted = (): boolean => this.places.get(name) === place;
    try {
      await node.do((connection) =>
        isWanted() ? connection.subscribe('shard', [name]) : Promise.resolve(undefined),
      );
    } catch (error) {
      if (!isWanted()) return;
      place.node = undefined;
      const found = redirectionOf(error, node);
      if (found === undefined || hops >= MAX_HOPS) {
        this.routes.refused(node, error);
        throw error;
      }
      this.routes.moved(found.slot, found.address);
      if (hops > 0) await new Promise<void>((soon) => nodeClock.schedule(soon, hopMs(hops + 1)));
    }
    if (!isWanted()) return;
    // Moved meanwhile, or ended by the node as soon as it stood.
    if (place.node !== node || this.routes.of(place.slot) !== node) return this.stand(name, place, hops + 1);
    place.isStanding = true;
  }
}
