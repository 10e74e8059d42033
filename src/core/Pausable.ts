/** A source that can be told to stop and to go on: a Node stream, a Kafka consumer. */
export interface Pausable {
  pause(): unknown;
  resume(): unknown;
}
