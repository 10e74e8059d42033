/** What a bus keeps of each topic, for who comes back. */
export interface HistoryConfig {
  /** How many messages of each topic. Default 1,000. */
  length?: number;
  /** How long, in milliseconds. Default 1 h. */
  maxAgeMs?: number;
}
