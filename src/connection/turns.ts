import type { Fragment } from '../core/Fragment.ts';
import { Backlog } from './Backlog.ts';
import type { Outgoing } from './Outgoing.ts';
import { SendQueue } from './SendQueue.ts';

/** Calls `begin` when no other message is being sent in parts; its parts are over with `endTurn`, or `breakTurn`. */
export function takeTurn(outgoing: Outgoing, begin: () => void): void {
  if (outgoing.behind !== undefined) {
    outgoing.behind.pushTurn(begin);
    return;
  }
  outgoing.behind = new Backlog();
  begin();
}

/** The next part of the message in parts whose turn it is. */
export function sendPart(outgoing: Outgoing, part: Fragment): boolean {
  if (!outgoing.isAlive) return false;
  const { window, lanes } = outgoing;
  const { parts } = lanes;
  window.push(window.isFull ? parts.add(part, undefined) : part);
  return outgoing.judge(parts);
}

/** The message in parts is done: what waited behind it follows, up to the next one. */
export function endTurn(outgoing: Outgoing): void {
  const taken = outgoing.behind?.release((item) => outgoing.window.push(item)) ?? false;
  if (!taken) outgoing.behind = undefined;
  outgoing.tell();
  outgoing.goOnEnding();
}

/** The message in parts was given up half-way: no data may follow it, so what waited behind it is dropped. */
export function breakTurn(outgoing: Outgoing): void {
  const unsent = new SendQueue();
  outgoing.behind?.spill((item) => unsent.push(item));
  outgoing.behind = undefined;
  unsent.drop((payload) => outgoing.lanes.of(payload));
  outgoing.goOnEnding();
}
