import type { BusSink } from './Bus.ts';
import { glob } from './glob.ts';
import type { TopicPattern } from './TopicPattern.ts';

/** Who gets what, within one process. */
export class MemorySubscriptions {
  /** The lists are replaced, never changed: a delivery goes on over the one that it began with. */
  private readonly exact = new Map<string, readonly BusSink[]>();
  private patterns: readonly { readonly matches: (topic: string) => boolean; readonly sink: BusSink }[] = [];

  /** The result takes it out. */
  add(target: string | TopicPattern, sink: BusSink): () => void {
    if (typeof target !== 'string') {
      const entry = { matches: glob(target.pattern), sink };
      this.patterns = [...this.patterns, entry];
      return () => {
        this.patterns = this.patterns.filter((other) => other !== entry);
      };
    }
    this.exact.set(target, [...(this.exact.get(target) ?? []), sink]);
    return () => {
      const left = (this.exact.get(target) ?? []).filter((other) => other !== sink);
      if (left.length > 0) this.exact.set(target, left);
      else this.exact.delete(target);
    };
  }

  of(topic: string): readonly BusSink[] {
    const sinks = this.exact.get(topic) ?? [];
    if (this.patterns.length === 0) return sinks;
    return [...sinks, ...this.patterns.filter(({ matches }) => matches(topic)).map(({ sink }) => sink)];
  }
}
