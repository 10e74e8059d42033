import { from, map, type Observable, type Unsubscribable } from 'rxjs';
import type { Data } from '../core/Data.ts';
import type { Prepared } from '../core/Prepared.ts';
import type { Bus, BusSink } from './Bus.ts';
import { CatchUp, type CatchUpPage } from './CatchUp.ts';
import type { Gap } from './Gap.ts';
import type { Reader } from './Reader.ts';
import { Replayed } from './Replayed.ts';
import { Seen } from './Seen.ts';
import type { TopicMessage } from './TopicMessage.ts';
import type { TopicPattern } from './TopicPattern.ts';

/** What all topics of one `topics()` share. */
export interface ChannelSettings<T> {
  readonly bus: Bus;
  /** Makes of a payload what subscribers get; undefined, and reported, where it is not ours. */
  toMessage(
    topic: string,
    content: Data | Prepared<unknown>,
    id: string | undefined,
    receiver: object,
  ): TopicMessage<T> | undefined;
  /** A gap for all subscribers; `isTold`: each of them was told. */
  foundGap(gap: Gap, isTold: boolean): void;
  report(error: unknown, topic: string): void;
}

/** A topic or pattern that somebody listens to: one subscription of the bus, for all its readers. */
export class Channel<T> implements BusSink {
  private readonly target: string | TopicPattern;
  private readonly name: string;
  private readonly settings: ChannelSettings<T>;
  private readonly over: () => void;
  private readonly readers = new Set<Reader<T>>();
  /** Those whom a delivery goes to, made anew when somebody came or left. */
  private present: readonly Reader<T>[] | undefined;
  private subscription: Unsubscribable | undefined;
  private catchUp: CatchUp<T> | undefined;
  /** The id of the newest message, where the bus keeps a history. */
  private last: string | undefined;
  private readonly replayed = new Replayed<T>();
  private readonly seen = new Seen();
  private isReady = false;

  constructor(target: string | TopicPattern, settings: ChannelSettings<T>, over: () => void) {
    this.target = target;
    this.name = typeof target === 'string' ? target : target.pattern;
    this.settings = settings;
    this.over = over;
  }

  enter(reader: Reader<T>): void {
    this.readers.add(reader);
    this.present = undefined;
    if (this.isReady) reader.ready();
    this.subscription ??= this.settings.bus.subscribe(this.target, this);
  }

  leave(reader: Reader<T>): void {
    reader.stop();
    if (!this.readers.delete(reader)) return;
    this.present = undefined;
    if (this.readers.size > 0) return;
    this.over();
    this.replayed.clear();
    this.catchUp?.stop();
    this.subscription?.unsubscribe();
  }

  /** The history behind `after`, as messages. */
  read(after: string): Observable<CatchUpPage<T>> {
    const { settings, name, replayed } = this;
    return from(settings.bus.read!(name, after)).pipe(
      map(({ messages, ...page }) => {
        replayed.touch();
        const own = messages.map(({ content, id }) =>
          replayed.of(id, () => settings.toMessage(name, content, id, this)),
        );
        return { ...page, messages: own.filter((message) => message !== undefined) };
      }),
    );
  }

  message(topic: string, content: Data | Prepared<unknown>, id: string | undefined): void {
    const { catchUp } = this;
    if (catchUp === undefined && this.seen.has(id)) return;
    const message = this.settings.toMessage(topic, content, id, this);
    // Without an id it is of a node that keeps no history.
    if (catchUp === undefined && id !== undefined) this.last = id;
    if (message === undefined) return;
    this.replayed.add(message);
    if (catchUp === undefined) this.deliver(message);
    else catchUp.live(message);
  }

  lost(): void {
    this.isReady = false;
  }

  ready(awayMs: number | undefined): void {
    this.isReady = true;
    for (const reader of this.all()) reader.ready();
    const hasHistory = this.settings.bus.read !== undefined && typeof this.target === 'string';
    if (awayMs !== undefined) {
      if (hasHistory && this.last !== undefined) this.fill(this.last, awayMs);
      else this.gap({ topic: this.name, after: undefined, awayMs });
    }
    if (hasHistory && this.last === undefined) this.locate();
  }

  failed(error: unknown): void {
    this.over();
    for (const reader of this.all()) reader.error(error);
  }

  foreign(topic: string, error: unknown): void {
    this.settings.report(error, topic);
  }

  /** Where the topic stands, so that a later gap can be filled, though nothing may have come before it. */
  private locate(): void {
    from(this.settings.bus.read!(this.name, undefined)).subscribe({
      next: ({ last }) => {
        this.last ??= last;
      },
      error: (error: unknown) => this.settings.report(error, this.name),
    });
  }

  private fill(last: string, awayMs: number): void {
    this.catchUp?.stop();
    this.catchUp = new CatchUp((after) => this.read(after), last, {
      message: (message) => {
        this.last = message.id;
        this.deliver(message);
      },
      gap: (after) => this.gap({ topic: this.name, after, awayMs }),
      failed: (error) => this.settings.report(error, this.name),
      done: (newest) => {
        this.catchUp = undefined;
        this.last = newest;
        this.seen.upTo(newest);
      },
    });
    this.catchUp.start();
  }

  private gap(gap: Gap): void {
    const readers = this.all();
    this.settings.foundGap(
      gap,
      readers.every(({ tellsGaps }) => tellsGaps),
    );
    for (const reader of readers) reader.gap(gap);
  }

  private deliver(message: TopicMessage<T>): void {
    for (const reader of this.all()) reader.message(message);
  }

  private all(): readonly Reader<T>[] {
    return (this.present ??= [...this.readers]);
  }
}
