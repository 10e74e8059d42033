import type { Codec } from '../core/Codec.ts';
import type { Bus } from './Bus.ts';

/** What topics are made of. */
export interface TopicsConfig<T> {
  /** How messages are written for who receives them: the codec of the connections. */
  codec: Codec<never, T> | Codec<unknown, T>;
  /** What carries them between processes. Default `memory()`: this process alone. */
  bus?: Bus;
  /**
   * Puts the id of a message into it, before it is encoded, so that a client that comes back can say which was its last.
   * Only where the bus keeps a history.
   */
  withId?: (message: T, id: string) => T;
  /**
   * Told of what was not published, of gaps that nobody was told, and of payloads that are not ours. Default: a process warning,
   * once for each time that the bus comes back, so that an outage under load is not one for each message.
   */
  onError?: (error: unknown, topic: string) => void;
}
