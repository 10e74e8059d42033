import type { Observable } from 'rxjs';
import type { Gap } from './Gap.ts';

/** How one subscriber listens to a topic. */
export interface MessagesConfig<T> {
  /**
   * The id of the last message that the subscriber has: what followed is sent first. `'0'`: all that is kept. An id that the
   * bus does not know is a gap, before all that is kept. Needs a bus with history; of one topic only.
   */
  since?: string | undefined;
  /**
   * Where the messages go, `connection.writable` say: what followed `since` is sent as far as it is true, and read no faster. Default: all
   * at once, and where that is more than `maxQueuedBytes` a peer is closed by its policy.
   */
  writable?: Observable<boolean> | undefined;
  /** Makes of a gap what the subscriber is told, in its place among the messages. Without it a gap is reported to `onError`. */
  gap?: (gap: Gap) => T;
  /** Who listens, for `presence`. */
  member?: string | undefined;
}
