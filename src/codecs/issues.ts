import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { DecodeIssue } from '../core/DecodeError.ts';

/** Of more than these the rest is not kept, and beyond these not shown: the peer chooses how many there are. */
const MAX_KEPT = 100;
const MAX_SHOWN = 3;
const MAX_LENGTH = 200;

/** What a schema found, without the values that it found it in. */
export function issuesOf(found: readonly StandardSchemaV1.Issue[]): readonly DecodeIssue[] {
  return (
    found
      .slice(0, MAX_KEPT)
      // Not `path.map`: where it is a kind of array of the library's own, so is what that gives.
      .map(({ message, path = [] }) => ({ message, path: Array.from(path, keyOf) }))
  );
}

/** For a log: `at items[2].price: Expected number but received string`. */
export function issuesText(issues: readonly DecodeIssue[]): string {
  const shown = issues.slice(0, MAX_SHOWN).map(({ message, path }) => {
    const where = path.length === 0 ? 'as a whole' : `at ${path.map(stepOf).join('').replace(/^\./, '')}`;
    return shortened(`${where}: ${message}`);
  });
  if (shown.length === 0) return 'as a whole';
  const more = issues.length - shown.length;
  return (
    shown.join('; ') + (more > 0 ? `; and ${more === MAX_KEPT - MAX_SHOWN ? 'more' : `${more} more`}` : '')
  );
}

function keyOf(part: PropertyKey | StandardSchemaV1.PathSegment): PropertyKey {
  return typeof part === 'object' ? part.key : part;
}

function stepOf(key: PropertyKey): string {
  if (typeof key === 'number') return `[${key}]`;
  if (typeof key === 'symbol') return `[${String(key)}]`;
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** Keys and texts may be the peer's: no control characters, and not all of a long one. */
function shortened(text: string): string {
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
  return plain.length > MAX_LENGTH ? `${plain.slice(0, MAX_LENGTH)}…` : plain;
}
