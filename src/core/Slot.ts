import type { Data } from './Data.ts';
import type { Dropped } from './Dropped.ts';
import type { Fragment } from './Fragment.ts';
import type { Prepared } from './Prepared.ts';

/** A message, or a part of one. */
export type Payload = Data | Prepared<unknown> | Fragment;

/** What a slot's source is told. */
export interface SlotLane {
  /** The slot has left the queue. */
  left(slot: Slot): void;
  /** What waits has to stay: superseded messages may go. */
  conflate(): void;
  /** Messages were thrown away. */
  report(dropped: Dropped): void;
}

/** A place in a queue, whose content can be replaced or taken away while it waits. */
export class Slot {
  /** Undefined: taken out. */
  content: Payload | undefined;
  /** Payload bytes, text in UTF-8. */
  bytes: number;
  readonly key: unknown;
  readonly lane: SlotLane;

  constructor(content: Payload, bytes: number, key: unknown, lane: SlotLane) {
    this.content = content;
    this.bytes = bytes;
    this.key = key;
    this.lane = lane;
  }
}
