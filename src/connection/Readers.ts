import type { Subscriber } from 'rxjs';
import type { Data } from '../core/Data.ts';
import { warn } from '../core/ErrorReport.ts';

/** What a reader asks for: all as decoded, or the undecoded half of one kind. */
export type Kind = 'messages' | 'text' | 'binary';

interface Reader {
  readonly kind: Kind;
  readonly subscriber: Subscriber<unknown>;
}

const NOBODY: readonly Reader[] = [];

/** Who reads a connection. A delivery goes on over the readers that it began with: who comes or leaves changes nothing. */
export class Readers {
  /** Replaced, never changed. */
  private readers: readonly Reader[] = NOBODY;

  get count(): number {
    return this.readers.length;
  }

  /** Whether someone wants what the codec makes of it. */
  get decoded(): boolean {
    return this.readers.some(({ kind }) => kind === 'messages');
  }

  /** The result lets the reader leave. */
  add(kind: Kind, subscriber: Subscriber<unknown>): () => void {
    const reader: Reader = { kind, subscriber };
    // Not spread: V8 gives a spread array room for a dozen more.
    this.readers = this.readers.concat(reader);
    return () => {
      this.readers = this.readers.filter((other) => other !== reader);
    };
  }

  next(data: Data, value: unknown): void {
    const isText = typeof data === 'string';
    for (const { kind, subscriber } of this.readers) {
      if (kind === 'messages') subscriber.next(value);
      else if ((kind === 'text') === isText) subscriber.next(data);
    }
  }

  complete(): void {
    const { readers } = this;
    this.readers = NOBODY;
    for (const { subscriber } of readers) {
      try {
        subscriber.complete();
      } catch (error) {
        // A teardown of one reader threw: the others are told all the same.
        warn(error);
      }
    }
  }
}
