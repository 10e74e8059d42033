import { BehaviorSubject, type Unsubscribable } from 'rxjs';
import type { Prepared } from '../../src/core/Prepared.ts';
import type { Bus, BusSink, BusState, HistoryPage } from '../../src/topics/Bus.ts';
import type { TopicPattern } from '../../src/topics/TopicPattern.ts';

/** A bus that a spec moves. */
export class FakeBus implements Bus {
  readonly state = new BehaviorSubject<BusState>('open');
  readonly writable = new BehaviorSubject(true);
  readonly published: Prepared<unknown>[] = [];
  readonly sinks = new Map<string, BusSink>();
  /** Each subscription that was made, and each that ended. */
  readonly log: string[] = [];
  read: Bus['read'] = undefined;
  takes = true;

  publish(
    topic: string,
    encode: () => Prepared<unknown>,
    failed: (error: unknown, topic: string) => void,
  ): boolean {
    this.published.push(encode());
    if (!this.takes) failed('not taken', topic);
    return this.takes;
  }

  subscribe(target: string | TopicPattern, sink: BusSink): Unsubscribable {
    const name = typeof target === 'string' ? target : `pattern ${target.pattern}`;
    this.log.push(`+${name}`);
    this.sinks.set(name, sink);
    return {
      unsubscribe: () => {
        this.log.push(`-${name}`);
        this.sinks.delete(name);
      },
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Keeps these, of one topic. */
  keep(ids: number[], gap = false): void {
    this.read = (_topic, after) => {
      const from = after === undefined || gap ? (after ?? '999') : after;
      const found = ids.filter((id) => after !== undefined && (gap || id > Number(from)));
      const page: HistoryPage = {
        gap,
        messages: found.map((id) => ({ id: String(id), content: String(id) })),
        last: String(ids.at(-1) ?? 0),
        more: false,
      };
      return Promise.resolve(page);
    };
  }
}
