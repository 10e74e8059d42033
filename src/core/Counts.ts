/** What passes through the connections of one config, added up. */
export interface Counts {
  receivedMessages: number;
  /** What `send` took, also what was dropped later. */
  sentMessages: number;
  droppedMessages: number;
  /** Payload bytes, text counted in UTF-8. */
  droppedBytes: number;
}
