/** Messages may have been missed: the bus was away, or its history does not go back so far. */
export interface Gap {
  /** The topic, or the pattern. */
  readonly topic: string;
  /** The last message before the gap, where the bus keeps a history. */
  readonly after: string | undefined;
  /** How long the bus was away, in milliseconds; 0 where it was not. */
  readonly awayMs: number;
}
