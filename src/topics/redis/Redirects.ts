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

/** A slot that is elsewhere: what a node has refused, where it said to go, and what came after. */
interface Turn {
  refused: Command[];
  to: Redirection;
  readonly later: Command[];
}

/** Redis' own clients try so often. */
export const MAX_HOPS = 16;
/** The nodes may not agree yet. */
export const hopMs = (hops: number): number => (hops < 2 ? 0 : 10 * hops);

/**
 * Sends each command to the node of its slot. A slot that is elsewhere is followed: its commands are never on their way to two nodes,
 * so that they keep their order.
 */
export class Redirects {
  private readonly routes: Routes;
  private readonly turns = new Map<number, Turn>();

  constructor(routes: Routes) {
    this.routes = routes;
  }

  send(slot: number, args: Args): Promise<unknown> {
    const turn = this.turns.get(slot);
    if (turn === undefined) return this.route(slot, args, 0);
    return new Promise((done, refuse) => turn.later.push({ args, hops: 0, done, refuse }));
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
    const to = redirectionOf(error, node);
    if (to === undefined || hops >= MAX_HOPS) {
      this.routes.refused(node, error);
      throw error;
    }
    let turn = this.turns.get(to.slot);
    if (turn === undefined) {
      turn = { refused: [], to, later: [] };
      this.turns.set(to.slot, turn);
      this.settle(turn, node, hops);
    }
    const { refused } = turn;
    turn.to = to;
    return new Promise((done, refuse) => refused.push({ args, hops: hops + 1, done, refuse }));
  }

  /** What was sent to the node before is answered when this is: then what it has refused goes on. */
  private settle(turn: Turn, node: ClusterNode, hops: number): void {
    const soon = (): void => {
      nodeClock.schedule(() => this.goOn(turn), hopMs(hops + 1));
    };
    node.do((connection) => connection.command(['PING'])).then(soon, soon);
  }

  private goOn(turn: Turn): void {
    const { refused, to, later } = turn;
    if (this.turns.get(to.slot) !== turn) return;
    if (refused.length === 0) {
      this.turns.delete(to.slot);
      for (const { args, hops, done, refuse } of later) this.route(to.slot, args, hops).then(done, refuse);
      return;
    }
    turn.refused = [];
    if (!to.isForOnce) this.routes.moved(to.slot, to.address);
    const there = this.routes.at(to.address);
    for (const { args, hops, done, refuse } of refused)
      there
        .do((connection) => {
          if (to.isForOnce) connection.command(['ASKING']).catch(() => undefined);
          return connection.command(args);
        })
        .catch((error: unknown) => this.refused(there, args, hops, error))
        .then(done, refuse);
    this.settle(turn, there, refused[0]!.hops);
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
