import { nodeClock } from '../../transports/ws/nodeClock.ts';
import type { ClusterNode } from './ClusterNode.ts';
import { type Address, placeOf } from './Layout.ts';

type Args = readonly (string | Uint8Array)[];

/** Where a node sends who asks it for a slot that it does not have. */
export interface Redirection {
  readonly isForOnce: boolean;
  readonly slot: number;
  readonly address: Address;
}

/** What commands are sent with. */
export interface Routes {
  /** Who has the slot. */
  of(slot: number): ClusterNode | undefined;
  at(address: Address): ClusterNode;
  moved(slot: number, address: Address): void;
  /** What else a node has refused. */
  refused(node: ClusterNode, error: unknown): void;
}

interface Command {
  readonly args: Args;
  readonly hops: number;
  done(reply: unknown): void;
  refuse(error: unknown): void;
}

/** A slot that is elsewhere: what its last node has refused, and what came after. */
interface Turn {
  readonly refused: Command[];
  readonly later: Command[];
}

/** Redis' own clients try so often. */
export const MAX_HOPS = 16;
/** The nodes may not agree yet. */
export const hopMs = (hops: number): number => (hops < 2 ? 0 : 10 * hops);

/** Sends each command to the node of its slot. A slot that has moved is followed: what was refused is sent there, in its order. */
export class Redirects {
  private readonly routes: Routes;
  private readonly turns = new Map<number, Turn>();

  constructor(routes: Routes) {
    this.routes = routes;
  }

  send(slot: number, args: Args): Promise<unknown> {
    const turn = this.turns.get(slot);
    return turn === undefined ? this.route(slot, args, 0) : queued(turn.later, args, 0);
  }

  /** The bus is lost: nothing is sent any more. */
  fail(error: unknown): void {
    const turns = [...this.turns.values()];
    this.turns.clear();
    for (const { refused, later } of turns) for (const { refuse } of [...refused, ...later]) refuse(error);
  }

  private route(slot: number, args: Args, hops: number): Promise<unknown> {
    const node = this.routes.of(slot);
    if (node === undefined) return Promise.reject(new Error(`no node has the slot ${slot}`));
    return node
      .do((connection) => connection.command(args))
      .catch((error: unknown) => this.refused(node, args, hops, error));
  }

  private refused(node: ClusterNode, args: Args, hops: number, error: unknown): Promise<unknown> {
    const found = redirectionOf(error, node);
    if (found === undefined || hops >= MAX_HOPS) {
      this.routes.refused(node, error);
      throw error;
    }
    if (found.isForOnce) {
      const there = this.routes.at(found.address);
      return there
        .do((connection) => {
          connection.command(['ASKING']).catch(() => undefined);
          return connection.command(args);
        })
        .catch((again: unknown) => this.refused(there, args, hops + 1, again));
    }
    const turn = this.turns.get(found.slot) ?? this.turn(node, found, hops);
    return queued(turn.refused, args, hops + 1);
  }

  private turn(node: ClusterNode, { slot, address }: Redirection, hops: number): Turn {
    const turn: Turn = { refused: [], later: [] };
    this.turns.set(slot, turn);
    this.routes.moved(slot, address);
    const over = (): void => {
      if (this.turns.get(slot) !== turn) return;
      this.turns.delete(slot);
      for (const { args, hops: made, done, refuse } of [...turn.refused, ...turn.later])
        this.route(slot, args, made).then(done, refuse);
    };
    const soon = (): void => {
      nodeClock.schedule(over, hopMs(hops + 1));
    };
    // What was sent to this node before is answered when this is.
    node.do((connection) => connection.command(['PING'])).then(soon, soon);
    return turn;
  }
}

/** What an error says of a slot that is elsewhere; a node that does not say its host has that of who was asked. */
export function redirectionOf(error: unknown, asked: ClusterNode): Redirection | undefined {
  const { message } = Object(error) as { message?: unknown };
  const found = /^(MOVED|ASK) (\d+) (.*):(\d+)/.exec(String(message));
  if (found === null) return undefined;
  const [, kind, slot, host, port] = found;
  const address = `${host || placeOf(asked.address).host}:${port}`;
  return { isForOnce: kind === 'ASK', slot: Number(slot), address };
}

function queued(queue: Command[], args: Args, hops: number): Promise<unknown> {
  return new Promise((done, refuse) => queue.push({ args, hops, done, refuse }));
}
