/** What the page asks of /slow. A new policy begins a new feed, and so does anything where the last one has ended. */
export interface SlowWish {
  readonly policy: string;
  /** How many messages the reader takes each second, 0 to 200. */
  readonly reads: number;
}

/** What /slow tells of its feed, ten times a second; the last one has `end`. */
export interface SlowReport {
  readonly policy: string;
  /** `bufferedBytes` of the feed's sender. */
  readonly queued: number;
  /** Messages a second: given to `sendTo`, taken by the reader, thrown away between them. */
  readonly sent: number;
  readonly read: number;
  readonly dropped: number;
  /** How old the newest message was when it was read, in milliseconds. */
  readonly age: number;
  /** How the feed was closed. */
  readonly end?: { readonly code: number; readonly reason: string };
}
