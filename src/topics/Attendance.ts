import { Observable, Subject } from 'rxjs';
import { InTurn } from '../core/InTurn.ts';
import type { Presence } from './Presence.ts';

/** Somebody came or left; `number` is that of the change. */
interface Change {
  readonly number: number;
  readonly count: number;
  readonly presence: Presence | undefined;
}

interface Attended {
  count: number;
  /** How often each one is there. */
  readonly members: Map<string, number>;
  watchers: number;
  /** So many there were. */
  made: number;
  readonly changes: Subject<Change>;
  /** What is told when all know of what is told now: who is told may come and go. */
  readonly telling: InTurn<Change>;
}

/** How many listen to what, and who. Keeps nothing of what nobody listens to or watches. */
export class Attendance {
  private readonly topics = new Map<string, Attended>();

  /** Somebody comes; the result lets it leave. */
  enter(key: string, member: string | undefined): () => void {
    const attended = this.open(key);
    attended.count++;
    change(attended, member, 1, 'joined');
    return () => {
      attended.count--;
      change(attended, member, -1, 'left');
      this.settle(key, attended);
    };
  }

  count(key: string): Observable<number> {
    return this.watch(
      key,
      ({ count }) => [count],
      ({ count }) => count,
    );
  }

  presence(key: string): Observable<Presence> {
    return this.watch(
      key,
      ({ members }) => [...members.keys()].map((member) => ({ kind: 'joined', member })),
      ({ presence }) => presence,
    );
  }

  /** First what `present` says, then what each later change is. */
  private watch<R>(
    key: string,
    present: (attended: Attended) => readonly R[],
    told: (change: Change) => R | undefined,
  ): Observable<R> {
    return new Observable((subscriber) => {
      const attended = this.open(key);
      const { made } = attended;
      attended.watchers++;
      subscriber.add(() => {
        attended.watchers--;
        this.settle(key, attended);
      });
      const next = (each: R | undefined): void => {
        if (each !== undefined) subscriber.next(each);
      };
      subscriber.add(
        attended.changes.subscribe((each) => {
          // What was made before is in what is present.
          if (each.number > made) next(told(each));
        }),
      );
      attended.telling.run(() => present(attended).forEach(next));
    });
  }

  private open(key: string): Attended {
    const present = this.topics.get(key);
    if (present !== undefined) return present;
    const changes = new Subject<Change>();
    const telling = new InTurn<Change>((each) => changes.next(each));
    const attended: Attended = { count: 0, members: new Map(), watchers: 0, made: 0, changes, telling };
    this.topics.set(key, attended);
    return attended;
  }

  private settle(key: string, { count, watchers }: Attended): void {
    if (count === 0 && watchers === 0) this.topics.delete(key);
  }
}

/** Who is there twice joins once, and leaves last. */
function change(attended: Attended, member: string | undefined, by: number, kind: Presence['kind']): void {
  const { members, count, telling } = attended;
  let presence: Presence | undefined;
  if (member !== undefined) {
    const before = members.get(member) ?? 0;
    const times = before + by;
    if (times > 0) members.set(member, times);
    else members.delete(member);
    if (before === 0 || times === 0) presence = { kind, member };
  }
  attended.made++;
  if (attended.watchers === 0) return;
  telling.add({ number: attended.made, count, presence });
}
