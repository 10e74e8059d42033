import type { Dropped } from '../core/Dropped.ts';
import { Fifo } from '../core/Fifo.ts';
import { Fragment } from '../core/Fragment.ts';
import { bytesOf, type Outbound } from '../core/Outbound.ts';
import { Ping } from '../core/Ping.ts';
import { type Payload, Slot } from '../core/Slot.ts';
import type { OutboundSource } from '../core/Transport.ts';
import type { Lane } from './Lane.ts';

/**
 * What waits in front of the transport. What is sent to a peer that reads goes through as it is; what has to stay gets a
 * slot, in which it can be replaced or dropped. Slots that were emptied are passed over.
 */
export class SendQueue implements OutboundSource {
  private readonly items = new Fifo<Outbound | Slot>();
  /** Not more than the bytes that were pushed since the last flush, and not less than a third of them. */
  turnBytes = 0;

  get isEmpty(): boolean {
    return this.at(0) === undefined;
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
    let item = this.items.at(index);
    while (index === 0 && item instanceof Slot && item.content === undefined) {
      this.items.shift();
      item = this.items.at(0);
    }
    return item instanceof Slot ? item.content : item;
  }

  shift(): Outbound | undefined {
    let item = this.items.shift();
    while (item instanceof Slot && item.content === undefined) item = this.items.shift();
    if (!(item instanceof Slot)) return item;
    const { content } = item;
    item.lane.left(item);
    return content;
  }

  /** Gives a slot to all that has none, and lets each lane keep no more than it wants to. */
  settle(laneOf: (payload: Payload) => Lane): void {
    const lanes = new Set<Slot['lane']>();
    for (let left = this.items.length; left > 0; left--) {
      let item = this.items.shift()!;
      if (!(item instanceof Slot) && !(item instanceof Ping)) item = laneOf(item).add(item, undefined);
      this.items.push(item);
      if (item instanceof Slot) lanes.add(item.lane);
    }
    for (const lane of lanes) lane.conflate();
  }

  /** Takes all out, and counts the messages in it. */
  drop(): Dropped {
    let count = 0;
    let bytes = 0;
    for (let item = this.shift(); item !== undefined; item = this.shift()) {
      if (item instanceof Ping) continue;
      // A message in parts is one, and its last part is what makes it whole.
      if (!(item instanceof Fragment) || item.last) count++;
      bytes += bytesOf(item);
    }
    return { count, bytes };
  }
}
