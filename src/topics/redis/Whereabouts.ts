import { nodeClock } from '../../transports/ws/nodeClock.ts';
import { type Address, type Layout, placeOf } from './Layout.ts';
import type { RedisConnection } from './RedisConnection.ts';
import type { RedisNodes, Seed } from './RedisNodes.ts';

/** Who does not say so long where the others are is not asked any more. */
const ANSWER_MS = 2_000;

/** Where the nodes are, for all connections of a bus: who learns that a slot has moved tells the others. */
export class Whereabouts {
  layout: Layout | undefined;
  private readonly nodes: RedisNodes;
  /** Who was there last time, also of a bus that has begun anew: the seeds may be gone. */
  private readonly known: Set<Address>;
  private readonly followers: (() => void)[] = [];
  private readonly asked = new Map<RedisConnection, (error: Error) => void>();
  private looking: Promise<void> | undefined;
  private isClosed = false;

  constructor(nodes: RedisNodes, known: Set<Address>) {
    this.nodes = nodes;
    this.known = known;
  }

  /** `changed` is called each time something is learnt. */
  follow(changed: () => void): void {
    this.followers.push(changed);
  }

  /** Asks one after the other, until one knows. */
  look(): Promise<void> {
    this.looking ??= this.find().finally(() => (this.looking = undefined));
    return this.looking;
  }

  moved(slot: number, address: Address): void {
    this.layout?.move(slot, address);
    this.tell();
  }

  /** What was asked is refused. */
  close(): void {
    this.isClosed = true;
    this.followers.length = 0;
    for (const refuse of [...this.asked.values()]) refuse(new Error('closed'));
  }

  private async find(): Promise<void> {
    let last: unknown;
    const known = [...this.known].map((address): Seed => ({
      host: placeOf(address).host,
      open: () => this.nodes.at(address),
    }));
    const seeds = await this.nodes.seeds().catch((error: unknown): readonly Seed[] => {
      last = error;
      return [];
    });
    for (const { host, open } of [...shuffled(known), ...shuffled(seeds)]) {
      if (this.isClosed) break;
      try {
        const layout = await this.ask(host, open());
        this.layout = layout;
        if (this.nodes.areAsked) {
          this.known.clear();
          for (const address of layout.masters) this.known.add(address);
        }
        this.tell();
        return;
      } catch (error) {
        last = error;
      }
    }
    throw (last ?? new Error('closed')) as Error;
  }

  private ask(host: string, connection: RedisConnection): Promise<Layout> {
    let cancel: (() => void) | undefined;
    const asking = new Promise<Layout>((done, broke) => {
      this.asked.set(connection, broke);
      cancel = nodeClock.schedule(
        () => broke(new Error(`${host} did not answer for ${ANSWER_MS} ms`)),
        ANSWER_MS,
      );
      connection.start({
        ready: () => void this.nodes.ask(connection, host).then(done, broke),
        lost: broke,
        fatal: broke,
        message: () => undefined,
        moved: () => undefined,
      });
    });
    return asking.finally(() => {
      cancel?.();
      this.asked.delete(connection);
      connection.close();
    });
  }

  private tell(): void {
    for (const changed of this.followers) changed();
  }
}

function shuffled<T>(all: readonly T[]): T[] {
  return all
    .map((each) => ({ each, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ each }) => each);
}
