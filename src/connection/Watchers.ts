import type { Subscriber } from 'rxjs';
import { warn } from '../core/ErrorReport.ts';
import { Undecoded } from './Undecoded.ts';

interface Watcher {
  readonly subscriber: Subscriber<unknown>;
  /** So many messages arrived before it came. */
  earlier: number;
}

/** Who is shown each message, decoded, and takes none. A showing goes on over the watchers that it began with. */
export class Watchers {
  /** Replaced, never changed. */
  private watchers: readonly Watcher[] = [];
  private readonly changed: () => void;

  /** `changed` is told when somebody comes or leaves. */
  constructor(changed: () => void) {
    this.changed = changed;
  }

  get count(): number {
    return this.watchers.length;
  }

  /** Of what is shown the first `earlier` messages are not for it. The result lets it leave. */
  add(subscriber: Subscriber<unknown>, earlier: number): () => void {
    const watcher: Watcher = { subscriber, earlier };
    this.watchers = this.watchers.concat(watcher);
    this.changed();
    return () => {
      this.watchers = this.watchers.filter((other) => other !== watcher);
      this.changed();
    };
  }

  show(value: unknown): void {
    for (const watcher of this.watchers) {
      if (watcher.earlier > 0) watcher.earlier--;
      else if (!(value instanceof Undecoded)) watcher.subscriber.next(value);
    }
  }

  complete(): void {
    const { watchers } = this;
    this.watchers = [];
    for (const { subscriber } of watchers) {
      try {
        subscriber.complete();
      } catch (error) {
        // A teardown of one watcher threw: the others are told all the same.
        warn(error);
      }
    }
  }
}
