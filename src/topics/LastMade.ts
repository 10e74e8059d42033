import type { Data } from '../core/Data.ts';
import type { TopicMessage } from './TopicMessage.ts';

/**
 * The message that was made last. Who listens to a topic and to a pattern that it fits gets each payload twice in a row, once for
 * each: it is made once.
 */
export class LastMade<T> {
  private made:
    { readonly message: TopicMessage<T>; readonly content: Data; readonly receivers: object[] } | undefined;

  /** The message, unless `receiver` has it: then this is another one of the same text. */
  find(topic: string, content: Data, id: string | undefined, receiver: object): TopicMessage<T> | undefined {
    if (this.made === undefined) return undefined;
    const { message, content: known, receivers } = this.made;
    if (message.id !== id || message.topic !== topic || receivers.includes(receiver)) return undefined;
    if (!isSame(known, content)) return undefined;
    receivers.push(receiver);
    return message;
  }

  keep(message: TopicMessage<T>, content: Data, receiver: object): void {
    this.made = { message, content, receivers: [receiver] };
  }
}

function isSame(a: Data, b: Data): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
