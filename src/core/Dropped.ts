/** A report of messages that were taken by `send` and then thrown away. */
export interface Dropped {
  readonly count: number;
  /** Payload bytes, text counted in UTF-8. */
  readonly bytes: number;
}
