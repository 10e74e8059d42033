import type { Subscriber, Unsubscribable } from 'rxjs';
import type { Data } from '../core/Data.ts';
import { warn } from '../core/ErrorReport.ts';
import { Undecoded } from './Undecoded.ts';
import type { Watchers } from './Watchers.ts';

/** What a reader asks for: all as decoded, or the undecoded half of one kind. */
export type Kind = 'messages' | 'text' | 'binary';

/** One subscription to what is read; to leave is to unsubscribe. */
export class Reader implements Unsubscribable {
  readonly kind: Kind;
  readonly subscriber: Subscriber<unknown>;
  private readonly all: { removeReader(reader: Reader): void };

  constructor(kind: Kind, subscriber: Subscriber<unknown>, all: Reader['all']) {
    this.kind = kind;
    this.subscriber = subscriber;
    this.all = all;
  }

  unsubscribe(): void {
    this.all.removeReader(this);
  }
}

const NOBODY: readonly Reader[] = [];

/** Who reads a connection. A delivery goes on over the readers that it began with: who comes or leaves changes nothing. */
export abstract class Readers<E extends { readonly isHeld: boolean }> {
  /** Replaced, never changed. */
  private readers: readonly Reader[] = NOBODY;
  /** Who does not read, and is shown what is read; see `watching`, which makes them. Most connections have none. */
  watchers: Watchers | undefined;

  protected readonly engine: E;

  constructor(engine: E) {
    this.engine = engine;
  }

  /** Somebody came or left. */
  abstract settle(): void;

  get readerCount(): number {
    return this.readers.length;
  }

  get isTaken(): boolean {
    return this.readerCount > 0 && !this.engine.isHeld;
  }

  /** What waits waits for a reader, and for nothing else. */
  get isUnread(): boolean {
    return this.readerCount === 0 && !this.engine.isHeld;
  }

  get isWatched(): boolean {
    return this.watchers !== undefined && this.watchers.count > 0;
  }

  /** Whether someone is there for whom a message is decoded first, if there is a codec for it. */
  wantValues(hasCodec: boolean): boolean {
    return this.isWatched || (hasCodec && this.readers.some(({ kind }) => kind === 'messages'));
  }

  /** The result lets the reader leave. */
  addReader(kind: Kind, subscriber: Subscriber<unknown>): Unsubscribable {
    const reader = new Reader(kind, subscriber, this);
    // Not spread: V8 gives a spread array room for a dozen more.
    this.readers = this.readers.concat(reader);
    this.settle();
    return reader;
  }

  removeReader(reader: Reader): void {
    this.readers = this.readers.filter((other) => other !== reader);
    this.settle();
  }

  /** Hands one message to who reads. */
  tell(data: Data, value: unknown): void {
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

  /** To who watches, before it goes to who reads. */
  show(value: unknown): void {
    this.watchers?.show(value);
  }

  completeWatchers(): void {
    this.watchers?.complete();
  }

  completeReaders(): void {
    const { readers } = this;
    this.readers = NOBODY;
    for (const { subscriber } of readers) end(() => subscriber.complete());
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
