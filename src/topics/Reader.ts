import type { Observable, ObservableInput, Subscriber } from 'rxjs';
import { CatchUp, type CatchUpObserver, type CatchUpPage } from './CatchUp.ts';
import type { Gap } from './Gap.ts';
import { BEGINNING, isId } from './ids.ts';
import { Seen } from './Seen.ts';
import type { TopicMessage } from './TopicMessage.ts';

/** What a reader needs from its channel. */
export interface ReaderConfig<T> {
  /** Reads the history; undefined where the reader wants none. */
  read: ((after: string) => ObservableInput<CatchUpPage<T>>) | undefined;
  since: string | undefined;
  /** While it says false the history waits. */
  writable?: Observable<boolean> | undefined;
  /** Of a gap, what is told; undefined where that is nothing. */
  gapMessage: ((gap: Gap) => TopicMessage<T>) | undefined;
  /** A gap of which only this reader knows. */
  foundGap(gap: Gap): void;
  failed(error: unknown): void;
}

/** One subscriber of a topic: first what it missed, then what comes. */
export class Reader<T> {
  private readonly topic: string;
  private readonly subscriber: Subscriber<TopicMessage<T>>;
  private readonly config: ReaderConfig<T>;
  private catchUp: CatchUp<T> | undefined;
  private readonly seen = new Seen();
  /** What it named is the id of no message. */
  private hasBadId = false;
  /** It has read the history since the bus is there, or will: what the others missed it knows by itself. */
  private reads = false;

  constructor(topic: string, subscriber: Subscriber<TopicMessage<T>>, config: ReaderConfig<T>) {
    this.topic = topic;
    this.subscriber = subscriber;
    this.config = config;
    const { read, since } = config;
    if (read === undefined || since === undefined) return;
    this.hasBadId = !isId(since);
    const observer: CatchUpObserver<T> = {
      message: (message) => this.next(message),
      gap: (after) => this.foundGap(after),
      failed: (error) => config.failed(error),
      done: (last) => {
        this.catchUp = undefined;
        this.seen.upTo(last);
      },
    };
    this.catchUp = new CatchUp(read, this.hasBadId ? BEGINNING : since, observer, config.writable);
  }

  /** The bus is there, for the first time or again. */
  ready(): void {
    if (this.hasBadId) {
      this.hasBadId = false;
      this.foundGap(undefined);
    }
    this.reads = this.catchUp !== undefined;
    this.catchUp?.start();
  }

  message(message: TopicMessage<T>): void {
    if (this.catchUp !== undefined) this.catchUp.live(message);
    else this.next(message);
  }

  /** A gap for all; who reads the history finds out by itself. */
  gap(gap: Gap): void {
    if (this.reads || this.catchUp !== undefined) return;
    this.seen.forget();
    this.tell(gap);
  }

  get tellsGaps(): boolean {
    return this.config.gapMessage !== undefined;
  }

  error(error: unknown): void {
    try {
      this.subscriber.error(error);
    } catch (thrown) {
      // A teardown of this subscriber threw: the others are told all the same.
      this.config.failed(thrown);
    }
  }

  stop(): void {
    this.catchUp?.stop();
  }

  private next(message: TopicMessage<T>): void {
    if (this.seen.has(message.id)) return;
    try {
      this.subscriber.next(message);
    } catch (error) {
      // A teardown of this subscriber threw: the others are told all the same.
      this.config.failed(error);
    }
  }

  private foundGap(after: string | undefined): void {
    const gap: Gap = { topic: this.topic, after, awayMs: 0 };
    this.config.foundGap(gap);
    this.tell(gap);
  }

  private tell(gap: Gap): void {
    let message: TopicMessage<T> | undefined;
    try {
      message = this.config.gapMessage?.(gap);
    } catch (error) {
      this.error(error);
      return;
    }
    if (message !== undefined) this.subscriber.next(message);
  }
}
