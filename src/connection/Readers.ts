import type { Subscriber } from 'rxjs';
import type { Data } from '../core/Data.ts';
import { warn } from '../core/ErrorReport.ts';
import type { Incoming } from './Incoming.ts';
import { Undecoded } from './Undecoded.ts';
import { Watchers } from './Watchers.ts';

/** What a reader asks for: all as decoded, or the undecoded half of one kind. */
export type Kind = 'messages' | 'text' | 'binary';

interface Reader {
  readonly kind: Kind;
  readonly subscriber: Subscriber<unknown>;
}

/** What they read; it is told when somebody comes or leaves. */
export type Readable = Pick<Incoming, 'settle'> & { readonly holds: Pick<Incoming['holds'], 'isHeld'> };

const NOBODY: readonly Reader[] = [];

/** Who reads a connection. A delivery goes on over the readers that it began with: who comes or leaves changes nothing. */
export class Readers {
  /** Replaced, never changed. */
  private readers: readonly Reader[] = NOBODY;
  /** Who does not read, and is shown what is read. Most connections have none. */
  private watchers: Watchers | undefined;

  private readonly source: Readable;

  constructor(source: Readable) {
    this.source = source;
  }

  get count(): number {
    return this.readers.length;
  }

  get isTaken(): boolean {
    return this.count > 0 && !this.source.holds.isHeld;
  }

  /** What waits waits for a reader, and for nothing else. */
  get isUnread(): boolean {
    return this.count === 0 && !this.source.holds.isHeld;
  }

  get isWatched(): boolean {
    return this.watchers !== undefined && this.watchers.count > 0;
  }

  /** Whether someone is there for whom a message is decoded first, if there is a codec for it. */
  wantValues(hasCodec: boolean): boolean {
    return this.isWatched || (hasCodec && this.readers.some(({ kind }) => kind === 'messages'));
  }

  /** The result lets the reader leave. */
  add(kind: Kind, subscriber: Subscriber<unknown>): () => void {
    const reader: Reader = { kind, subscriber };
    // Not spread: V8 gives a spread array room for a dozen more.
    this.readers = this.readers.concat(reader);
    return this.joined(() => {
      this.readers = this.readers.filter((other) => other !== reader);
    });
  }

  next(data: Data, value: unknown): void {
    // What is not decoded is its own value, and costs no look.
    if (value !== data && value instanceof Undecoded) {
      this.refuse(data, value);
      return;
    }
    const isText = typeof data === 'string';
    for (const { kind, subscriber } of this.readers) {
      if (kind === 'messages') subscriber.next(value);
      else if ((kind === 'text') === isText) subscriber.next(data);
    }
  }

  /** It could not be decoded: to who reads `messages` that is nothing, or the end. */
  private refuse(data: Data, { error, isTold }: Undecoded): void {
    const isText = typeof data === 'string';
    for (const { kind, subscriber } of this.readers) {
      if (kind !== 'messages') {
        if ((kind === 'text') === isText) subscriber.next(data);
      } else if (isTold) end(() => subscriber.error(error));
    }
  }

  /** The first `earlier` messages that are shown are not for it. The result lets the watcher leave. */
  watch(subscriber: Subscriber<unknown>, earlier: number): () => void {
    this.watchers ??= new Watchers();
    return this.joined(this.watchers.add(subscriber, earlier));
  }

  /** To who watches, before it goes to who reads. */
  show(value: unknown): void {
    this.watchers?.show(value);
  }

  completeWatchers(): void {
    this.watchers?.complete();
  }

  complete(): void {
    const { readers } = this;
    this.readers = NOBODY;
    for (const { subscriber } of readers) end(() => subscriber.complete());
  }

  private joined(leave: () => void): () => void {
    this.source.settle();
    return () => {
      leave();
      this.source.settle();
    };
  }
}

/** A teardown of one reader may throw: the others are told all the same. */
function end(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    warn(error);
  }
}
