import { isDeepStrictEqual } from 'node:util';

/** `expect.objectContaining(…)` and the like of Jest, Vitest and Jasmine. */
export interface Matcher {
  asymmetricMatch(value: unknown): boolean;
  toString(): string;
  /** What it was made with. */
  readonly sample?: unknown;
}

/**
 * Deep equality; bytes are the same whatever kind of view they are seen through, errors by name, message and members. A
 * matcher of a framework anywhere in plain objects and arrays is asked.
 */
export function isSame(expected: unknown, actual: unknown): boolean {
  if (Object.is(expected, actual)) return true;
  if (ArrayBuffer.isView(expected) && ArrayBuffer.isView(actual)) {
    return isDeepStrictEqual(bytes(expected), bytes(actual));
  }
  return isDeepStrictEqual(matched(expected, actual, []), actual);
}

/** Whether `whole` has what `part` has. */
export function includes(whole: unknown, part: object): boolean {
  if (isMatcher(part)) return part.asymmetricMatch(whole);
  return Object.entries(part).every(([key, value]) => isSame(value, member(whole, key)));
}

function bytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return Uint8Array.prototype.slice.call(new Uint8Array(buffer, byteOffset, byteLength));
}

/** `expected`, with what was matched in the place of its matchers. */
function matched(expected: unknown, actual: unknown, above: readonly unknown[]): unknown {
  if (isMatcher(expected)) return expected.asymmetricMatch(actual) ? actual : expected;
  if (!isPlain(expected) || above.includes(expected)) return expected;
  const changed = Object.entries(expected).flatMap(([key, value]) => {
    const met = matched(value, member(actual, key), [...above, expected]);
    return met === value ? [] : [[key, met] as const];
  });
  if (changed.length === 0) return expected;
  return Object.assign(
    Array.isArray(expected) ? [...(expected as unknown[])] : { ...expected },
    Object.fromEntries(changed),
  );
}

export function isMatcher(value: unknown): value is Matcher {
  return typeof (value as Partial<Matcher> | null | undefined)?.asymmetricMatch === 'function';
}

export function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as null);
}

function member(value: unknown, key: string): unknown {
  return (value as Record<string, unknown> | null | undefined)?.[key];
}
