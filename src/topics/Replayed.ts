import { nodeClock } from '../transports/ws/nodeClock.ts';
import type { TopicMessage } from './TopicMessage.ts';

const MAX_MESSAGES = 1_000;
const KEEP_MS = 1_000;

/**
 * What was read from the history of a topic a moment ago: many come back at once, when a node has gone or a bus is back, and each
 * message is made once for all of them. At most 1,000, and for a second after the last read.
 */
export class Replayed<T> {
  private readonly messages = new Map<string, TopicMessage<T>>();
  private cancel: (() => void) | undefined;

  /** That of `id`, or what is made now. */
  of(id: string, make: () => TopicMessage<T> | undefined): TopicMessage<T> | undefined {
    const known = this.messages.get(id);
    if (known !== undefined) return known;
    const made = make();
    if (made === undefined) return undefined;
    this.messages.set(id, made);
    if (this.messages.size > MAX_MESSAGES) this.messages.delete(this.messages.keys().next().value!);
    return made;
  }

  /** One that came just now, while others are read. */
  add(message: TopicMessage<T>): void {
    if (message.id !== undefined && this.cancel !== undefined) this.of(message.id, () => message);
  }

  /** A part is read: what is known stays a while longer. */
  touch(): void {
    this.cancel?.();
    this.cancel = nodeClock.schedule(() => this.clear(), KEEP_MS);
  }

  clear(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.messages.clear();
  }
}
