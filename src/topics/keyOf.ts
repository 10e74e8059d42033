import type { TopicPattern } from './TopicPattern.ts';

/** A topic and a pattern of the same text are two. */
export function keyOf(target: string | TopicPattern): string {
  return typeof target === 'string' ? `=${target}` : `*${target.pattern}`;
}
