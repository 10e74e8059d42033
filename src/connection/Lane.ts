import type { Dropped } from '../core/Dropped.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import { onRejection } from '../core/onRejection.ts';
import { bytesOf } from '../core/Outbound.ts';
import type { Overflow } from '../core/Overflow.ts';
import { OverflowError } from '../core/OverflowError.ts';
import { type Payload, Slot } from '../core/Slot.ts';
import { Places } from './Places.ts';

/** How much of one lane may wait; one message may always. */
export interface LaneLimits {
  readonly maxQueuedBytes: number;
  readonly maxQueuedMessages: number;
}

const NOTHING: Dropped = { count: 0, bytes: 0 };
/** The key of a lane that keeps one message in all. */
const ONE_FOR_ALL = {};

/**
 * What waits of one source, and the policy for it. All lanes of a connection wait in one queue, in the order in which they
 * were sent; a lane knows its own places in it.
 */
export class Lane {
  readonly overflow: Overflow<never>;
  readonly limits: LaneLimits;
  readonly report: (dropped: Dropped) => void;
  private readonly keyOf: ((message: never) => unknown) | undefined;
  private readonly slots = new Places<Slot>();
  private readonly byKey = new Map<unknown, Slot>();
  bytes = 0;
  count = 0;

  constructor(overflow: Overflow<never>, limits: LaneLimits, report: (dropped: Dropped) => void) {
    this.overflow = overflow;
    this.limits = limits;
    this.report = report;
    if (overflow === 'latest') this.keyOf = () => ONE_FOR_ALL;
    else if (typeof overflow === 'object') this.keyOf = overflow.conflateBy;
  }

  /** Whether a newer message takes the place of an older one. */
  get conflates(): boolean {
    return this.keyOf !== undefined;
  }

  /** The key of a message, which is what was given to `send`, and no encoding of it. Throws what `conflateBy` throws. */
  key(message: unknown): unknown {
    const key = this.keyOf?.(message as never);
    // A promise is no key: no two are the same.
    if (typeof key === 'object' && key !== null && 'then' in key) {
      onRejection(key, () => {});
      throw new InvalidArgumentError('conflateBy gave a promise, which is no key');
    }
    return key;
  }

  /** A new place for `content`. */
  add(content: Payload, key: unknown): Slot {
    const slot = new Slot(content, bytesOf(content), key, this);
    this.bytes += slot.bytes;
    this.count++;
    this.slots.push(slot);
    if (this.conflates) this.byKey.set(key, slot);
    return slot;
  }

  /** Puts `content` in the place of what waits with the same key; false where nothing does. */
  replace(content: Payload, key: unknown): boolean {
    const slot = this.byKey.get(key);
    if (slot === undefined) return false;
    const { bytes } = slot;
    slot.content = content;
    slot.bytes = bytesOf(content);
    this.bytes += slot.bytes - bytes;
    this.report({ count: 1, bytes });
    return true;
  }

  /** Of several that wait with one key, keeps the newest, in the place of the first. */
  conflate(): void {
    if (!this.conflates) return;
    this.byKey.clear();
    let dropped: Dropped = NOTHING;
    for (let i = 0; i < this.slots.length; i++) {
      const slot = this.slots.at(i)!;
      if (slot.content === undefined) continue;
      const place = this.byKey.get(slot.key);
      if (place === undefined) {
        this.byKey.set(slot.key, slot);
        continue;
      }
      dropped = { count: dropped.count + 1, bytes: dropped.bytes + place.bytes };
      const { content, bytes } = slot;
      this.bytes -= place.bytes;
      this.count--;
      slot.content = undefined;
      place.content = content;
      place.bytes = bytes;
    }
    if (dropped.count > 0) this.report(dropped);
  }

  /** After something was added: applies the policy where too much waits. */
  judge(): 'taken' | 'dropped' | 'overflow' {
    if (!this.isOver) return 'taken';
    const newest = this.slots.at(this.slots.length - 1)!;
    switch (this.overflow) {
      case 'dropOldest':
        this.dropOldest();
        return 'taken';
      case 'dropNewest':
        this.report(this.drop(newest));
        return 'dropped';
      case 'error':
        this.drop(newest);
        throw new OverflowError(
          `more than ${this.bound} wait for the peer; pace by writable, or choose another policy`,
        );
      default:
        return 'overflow';
    }
  }

  /** The bound, in words. */
  get bound(): string {
    const { maxQueuedBytes, maxQueuedMessages } = this.limits;
    return this.count > maxQueuedMessages ? `${maxQueuedMessages} messages` : `${maxQueuedBytes} bytes`;
  }

  /** Takes a slot out of the queue, wherever it is; the report is the caller's. */
  drop(slot: Slot): Dropped {
    const dropped = { count: 1, bytes: slot.bytes };
    this.left(slot);
    return dropped;
  }

  /** A slot leaves the queue: what it held is on its way, or dropped. */
  left(slot: Slot): void {
    slot.content = undefined;
    this.bytes -= slot.bytes;
    this.count--;
    if (this.byKey.get(slot.key) === slot) this.byKey.delete(slot.key);
  }

  private dropOldest(): void {
    let { count, bytes } = NOTHING;
    for (; this.isOver; count++) bytes += this.drop(this.slots.first!).bytes;
    this.report({ count, bytes });
  }

  /** An empty message counts too: else any number of them could wait. */
  private get isOver(): boolean {
    const { maxQueuedBytes, maxQueuedMessages } = this.limits;
    return (
      this.count > 1 && (Math.max(this.bytes, this.count) > maxQueuedBytes || this.count > maxQueuedMessages)
    );
  }
}
