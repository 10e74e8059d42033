import { asyncScheduler } from 'rxjs';
import type { Prepared } from '../core/Prepared.ts';
import { nodeClock } from '../transports/ws/nodeClock.ts';
import type { HistoryPage } from './Bus.ts';
import type { HistoryConfig } from './HistoryConfig.ts';
import { BEGINNING, isAfter } from './ids.ts';

interface Entry {
  readonly id: string;
  readonly content: Prepared<unknown>;
  readonly at: number;
  /** The id of the message before it; undefined where nobody knows. */
  readonly before: string | undefined;
}

const MAX_TOPICS = 10_000;
const PAGE = 256;

/** The newest messages of each topic, in memory. A message is kept by its number, and by its age. */
export class MemoryHistory {
  private readonly config: Required<HistoryConfig>;
  /** The topic that was published to last stands last. */
  private readonly topics = new Map<string, Entry[]>();
  /** An id of an earlier life of the process is smaller than each of this one. Virtual time too begins with the first message. */
  private born: number | undefined;
  private count = 0;

  constructor(config: Required<HistoryConfig>) {
    this.config = config;
  }

  nextId(): string {
    this.born ??= asyncScheduler.now();
    return `${this.born}-${++this.count}`;
  }

  add(topic: string, id: string, content: Prepared<unknown>): void {
    const at = nodeClock.now();
    const entries = this.topics.get(topic) ?? [];
    entries.push({ id, content, at, before: entries.at(-1)?.id });
    // Not one by one: to shift an array is to move it.
    if (entries.length >= 2 * this.config.length) entries.splice(0, entries.length - this.config.length);
    this.topics.delete(topic);
    this.topics.set(topic, entries);
    for (const [oldest, kept] of this.topics) {
      const isOld = at - kept.at(-1)!.at > this.config.maxAgeMs;
      if (!isOld && this.topics.size <= MAX_TOPICS) break;
      this.topics.delete(oldest);
    }
  }

  read(topic: string, after: string | undefined): HistoryPage {
    const entries = (this.topics.get(topic) ?? []).slice(-this.config.length);
    const newest = entries.at(-1)?.id ?? BEGINNING;
    if (after === undefined) return { gap: false, messages: [], last: newest, more: false };
    const oldest = nodeClock.now() - this.config.maxAgeMs;
    const later = entries.filter(({ id }) => isAfter(id, after));
    const kept = later.filter(({ at }) => at >= oldest);
    const isAtEnd = later.length === 0 && newest === after;
    const isComplete = kept.length === later.length && (isAtEnd || later[0]?.before === after);
    const gap = after !== BEGINNING && !isComplete;
    // An id that this bus never gave may be greater than all of its own.
    const found = gap && later.length === 0 ? entries.filter(({ at }) => at >= oldest) : kept;
    const messages = found.slice(0, PAGE);
    return { gap, messages, last: messages.at(-1)?.id ?? newest, more: found.length > PAGE };
  }
}
