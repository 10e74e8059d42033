import type { Dropped } from '../core/Dropped.ts';
import { Fragment } from '../core/Fragment.ts';
import { bytesOf, type Outbound } from '../core/Outbound.ts';
import { Ping } from '../core/Ping.ts';
import { type Payload, Slot, type SlotLane } from '../core/Slot.ts';
import type { OutboundSource } from '../core/Transport.ts';
import type { Lane } from './Lane.ts';
import { Places } from './Places.ts';

/**
 * What waits in front of the transport. What is sent to a peer that reads goes through as it is; what has to stay gets a
 * slot, in which it can be replaced or dropped. Slots that were emptied are passed over.
 */
export class SendQueue implements OutboundSource {
  private readonly items = new Places<Outbound | Slot>();
  /** Not more than the bytes that were pushed since the last flush, and not less than a third of them. */
  turnBytes = 0;

  get isEmpty(): boolean {
    return this.items.first === undefined;
  }

  /** Payload bytes, text in UTF-8. */
  get bytes(): number {
    let bytes = 0;
    for (let i = 0; i < this.items.length; i++) {
      const item = this.items.at(i)!;
      if (item instanceof Slot) bytes += item.content === undefined ? 0 : item.bytes;
      else bytes += bytesOf(item);
    }
    return bytes;
  }

  push(item: Outbound | Slot): void {
    this.items.push(item);
    if (item instanceof Slot) this.turnBytes += item.bytes;
    else this.turnBytes += typeof item === 'string' ? item.length : bytesOf(item);
  }

  at(index: number): Outbound | undefined {
    const item = index === 0 ? this.items.first : this.items.at(index);
    return item instanceof Slot ? item.content : item;
  }

  shift(): Outbound | undefined {
    const item = this.items.shift();
    if (!(item instanceof Slot)) return item;
    const { content } = item;
    item.lane.left(item);
    return content;
  }

  /** Gives a slot to all that has none, and lets each lane keep no more than it wants to. */
  settle(laneOf: (payload: Payload) => Lane): void {
    const lanes = new Set<SlotLane>();
    this.items.replace((item) => {
      if (item instanceof Ping) return item;
      const slot = item instanceof Slot ? item : laneOf(item).add(item, undefined);
      lanes.add(slot.lane);
      return slot;
    });
    for (const lane of lanes) lane.conflate();
  }

  /** Takes all out, and tells each lane what was in it of its own; a ping is nobody's. */
  drop(laneOf: (payload: Payload) => Lane): void {
    const drops = new Map<SlotLane, Dropped>();
    for (let item = this.items.shift(); item !== undefined; item = this.items.shift()) {
      const content = item instanceof Slot ? item.content : item;
      if (content === undefined || content instanceof Ping) continue;
      const lane = item instanceof Slot ? item.lane : laneOf(content);
      const { count, bytes } = drops.get(lane) ?? { count: 0, bytes: 0 };
      // A message in parts is one, and its last part is what makes it whole.
      const isWhole = !(content instanceof Fragment) || content.last;
      drops.set(lane, { count: count + (isWhole ? 1 : 0), bytes: bytes + bytesOf(content) });
      if (item instanceof Slot) lane.left(item);
    }
    for (const [lane, dropped] of drops) lane.report(dropped);
  }
}
