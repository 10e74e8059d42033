import {
  defer,
  distinctUntilChanged,
  filter,
  finalize,
  from,
  map,
  merge,
  type Observable,
  startWith,
  Subject,
} from 'rxjs';
import type { Presence } from './Presence.ts';

interface Attended {
  count: number;
  /** How often each one is there. */
  readonly members: Map<string, number>;
  watchers: number;
  readonly changes: Subject<Presence | undefined>;
}

/** How many listen to what, and who. Keeps nothing of what nobody listens to or watches. */
export class Attendance {
  private readonly topics = new Map<string, Attended>();

  /** Somebody comes; the result lets it leave. */
  enter(key: string, member: string | undefined): () => void {
    const attended = this.open(key);
    attended.count++;
    let joined: Presence | undefined;
    if (member !== undefined) {
      const times = attended.members.get(member) ?? 0;
      attended.members.set(member, times + 1);
      if (times === 0) joined = { kind: 'joined', member };
    }
    attended.changes.next(joined);
    return () => {
      attended.count--;
      let left: Presence | undefined;
      if (member !== undefined) {
        const times = attended.members.get(member)! - 1;
        if (times > 0) attended.members.set(member, times);
        else {
          attended.members.delete(member);
          left = { kind: 'left', member };
        }
      }
      attended.changes.next(left);
      this.settle(key, attended);
    };
  }

  count(key: string): Observable<number> {
    return this.watch(key, (attended) =>
      attended.changes.pipe(
        map(() => attended.count),
        startWith(attended.count),
        distinctUntilChanged(),
      ),
    );
  }

  presence(key: string): Observable<Presence> {
    return this.watch(key, ({ members, changes }) => {
      const present = [...members.keys()].map((member): Presence => ({ kind: 'joined', member }));
      // Who comes while those present are told is told too.
      return merge(changes.pipe(filter((change) => change !== undefined)), from(present));
    });
  }

  private watch<R>(key: string, project: (attended: Attended) => Observable<R>): Observable<R> {
    return defer(() => {
      const attended = this.open(key);
      attended.watchers++;
      return project(attended).pipe(
        finalize(() => {
          attended.watchers--;
          this.settle(key, attended);
        }),
      );
    });
  }

  private open(key: string): Attended {
    const present = this.topics.get(key);
    if (present !== undefined) return present;
    const attended: Attended = { count: 0, members: new Map(), watchers: 0, changes: new Subject() };
    this.topics.set(key, attended);
    return attended;
  }

  private settle(key: string, { count, watchers }: Attended): void {
    if (count === 0 && watchers === 0) this.topics.delete(key);
  }
}
