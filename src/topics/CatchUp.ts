import { from, type Observable, type ObservableInput, type Unsubscribable } from 'rxjs';
import { nodeClock } from '../transports/ws/nodeClock.ts';
import { BEGINNING, isAfter } from './ids.ts';
import type { TopicMessage } from './TopicMessage.ts';

/** A part of a history, as its reader gets it. */
export interface CatchUpPage<T> {
  readonly gap: boolean;
  readonly messages: readonly TopicMessage<T>[];
  readonly last: string;
  readonly more: boolean;
}

/** What becomes of what is read. */
export interface CatchUpObserver<T> {
  message(message: TopicMessage<T>): void;
  gap(after: string): void;
  /** The bus could not tell. */
  failed(error: unknown): void;
  /** All up to `last` was told; then follows what comes. */
  done(last: string): void;
}

/** So many messages wait while older ones are read; of more they are read again. */
const MAX_WAITING = 1_000;

/**
 * Reads the history of one topic from `after` on, part by part, and passes over to what comes with nothing lost or doubled. It
 * tells nothing while `writable` says false.
 */
export class CatchUp<T> {
  private readonly read: (after: string) => ObservableInput<CatchUpPage<T>>;
  private readonly observer: CatchUpObserver<T>;
  private readonly writable: Observable<boolean> | undefined;
  private pace: Unsubscribable | undefined;
  private isWritable = true;
  /** Goes on where it waits to be writable. */
  private resume: (() => void) | undefined;
  private after: string;
  private waiting: TopicMessage<T>[] = [];
  private overflowed = false;
  /** One that came before the bus was away: where it is not in the history any more, that is another one. */
  private expected: string | undefined;
  /** Counts the reads; the answer to an earlier one is for nobody. */
  private reads = 0;

  constructor(
    read: (after: string) => ObservableInput<CatchUpPage<T>>,
    after: string,
    observer: CatchUpObserver<T>,
    writable?: Observable<boolean>,
  ) {
    this.read = read;
    this.after = after;
    this.observer = observer;
    this.writable = writable;
  }

  /** Begins, or begins again where it stands: the bus was away. */
  start(): void {
    this.pace ??= this.writable?.subscribe({
      next: (isWritable) => this.paced(isWritable),
      error: (error: unknown) => {
        this.observer.failed(error);
        this.paced(true);
      },
    });
    const [first] = this.waiting;
    // One that came late, when it was told already, is not expected again.
    if (first?.id !== undefined && isAfter(first.id, this.after)) this.expected ??= first.id;
    this.begin();
  }

  private begin(): void {
    const reading = ++this.reads;
    this.resume = undefined;
    // What came before is in the history by now.
    this.waiting = [];
    this.overflowed = false;
    from(this.read(this.after)).subscribe({
      next: (page) => {
        if (reading === this.reads) this.take(page, reading);
      },
      error: (error: unknown) => {
        if (reading !== this.reads) return;
        this.observer.failed(error);
        this.observer.gap(this.after);
        this.finish(this.after, reading);
      },
    });
  }

  /** A message came. */
  live(message: TopicMessage<T>): void {
    if (this.waiting.length < MAX_WAITING) this.waiting.push(message);
    else this.overflowed = true;
  }

  stop(): void {
    this.reads++;
    this.waiting = [];
    this.resume = undefined;
    this.pace?.unsubscribe();
    this.pace = undefined;
  }

  private paced(isWritable: boolean): void {
    this.isWritable = isWritable;
    if (!isWritable) return;
    const { resume } = this;
    this.resume = undefined;
    resume?.();
  }

  private take({ gap, messages, last, more }: CatchUpPage<T>, reading: number): void {
    if (gap) {
      this.expected = undefined;
      this.observer.gap(this.after);
      // Who named what is not there may have named what is yet to come.
      this.after = BEGINNING;
    }
    this.tell(messages, reading, () => {
      if (more || this.overflowed) {
        this.after = last;
        // Sockets take what they were given, before they are given more.
        nodeClock.afterIo(() => {
          if (reading === this.reads) this.begin();
        });
        return;
      }
      this.expect(undefined);
      this.finish(last, reading);
    });
  }

  /** One after the other, as far as it is writable; then `over`. There may be more of them meanwhile. */
  private tell(messages: readonly TopicMessage<T>[], reading: number, over: () => void, from = 0): void {
    for (let i = from; i < messages.length; i++) {
      const { id } = messages[i]!;
      if (id !== undefined && !isAfter(id, this.after)) continue;
      if (!this.isWritable) {
        this.resume = () => this.tell(messages, reading, over, i);
        return;
      }
      this.expect(id);
      this.after = id ?? this.after;
      this.observer.message(messages[i]!);
      // Whoever got it may have left.
      if (reading !== this.reads) return;
    }
    over();
  }

  /** `id` is next, or nothing is. */
  private expect(id: string | undefined): void {
    const { expected } = this;
    if (expected === undefined || (id !== undefined && isAfter(expected, id))) return;
    this.expected = undefined;
    if (id !== expected) this.observer.gap(this.after);
  }

  /** What came meanwhile, and what comes meanwhile: who gets a message may publish. */
  private finish(last: string, reading: number): void {
    this.after = last;
    this.tell(this.waiting, reading, () => {
      if (this.overflowed) {
        this.begin();
        return;
      }
      this.stop();
      this.observer.done(this.after);
    });
  }
}
