import type { Data } from '../core/Data.ts';
import { Fifo } from '../core/Fifo.ts';
import type { TopicMessage } from './TopicMessage.ts';

interface Made<T> {
  readonly message: TopicMessage<T>;
  readonly content: Data;
}

/** So many bytes of messages, roughly, and the last one: more than what comes together. */
const MAX_BYTES = 131_072;
const OVERHEAD = 128;

/**
 * The messages that were made last. Who listens to a topic and to a pattern that it fits gets each payload twice in a row, once for
 * each: its messages are made once.
 */
export class LastMade<T> {
  private readonly made = new Fifo<Made<T>>();
  private bytes = 0;
  /** So many were kept, and are not any more. */
  private forgotten = 0;
  /** Up to which one each receiver has them, or does not get them. */
  private readonly reached = new WeakMap<object, number>();

  /** The message, unless `receiver` has it: then this is another one of the same text. */
  find(topic: string, content: Data, id: string | undefined, receiver: object): TopicMessage<T> | undefined {
    const { made, forgotten } = this;
    const from = Math.max(0, (this.reached.get(receiver) ?? 0) - forgotten);
    for (let i = from; i < made.length; i++) {
      const { message, content: known } = made.at(i)!;
      if (message.topic !== topic || message.id !== id || !isSame(known, content)) continue;
      this.reached.set(receiver, forgotten + i + 1);
      return message;
    }
    return undefined;
  }

  keep(message: TopicMessage<T>, content: Data, receiver: object): void {
    this.made.push({ message, content });
    this.bytes += content.length + OVERHEAD;
    while (this.bytes > MAX_BYTES && this.made.length > 1) this.forget();
    // They come in one order: what it was not given by now it does not get.
    this.reached.set(receiver, this.forgotten + this.made.length);
  }

  clear(): void {
    while (this.made.length > 0) this.forget();
  }

  private forget(): void {
    this.bytes -= this.made.shift()!.content.length + OVERHEAD;
    this.forgotten++;
  }
}

function isSame(a: Data, b: Data): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
