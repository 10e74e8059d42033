import { inspect, types } from 'node:util';
import { isEngineConnection } from '../connection/EngineConnection.ts';
import { aligned } from './aligned.ts';
import type { Happening } from './Happening.ts';
import { isMatcher, isPlain, isSame } from './isSame.ts';

const SIGNS = { C: '|', '^': '^', '!': '!' };
/** For values that no letter of the diagram stands for. */
const SPARE_LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** How much is shown behind the first difference. */
const MAX_BEHIND = 20;

/** Whether what happened is what was asked for, apart from when. */
export type IsMeant = (expected: Happening, actual: Happening) => boolean;

/** Deep equality; and a letter without a value, which stands for itself, stands for its number too where it is a digit. */
export const isMeantSame: IsMeant = ({ value, letter }, actual) =>
  isSame(value, actual.value) ||
  (value === letter && typeof actual.value === 'number' && String(actual.value) === letter);

/** Undefined where all is as expected; else two diagrams, and what their letters stand for. */
export function difference(
  expected: readonly Happening[],
  actual: readonly Happening[],
  isMeant: IsMeant = isMeantSame,
): string | undefined {
  const matches = (one: Happening, other: Happening): boolean =>
    one.kind === other.kind && (SIGNS[one.kind as 'C'] !== undefined || isMeant(one, other));
  const isMet = (one: Happening, other: Happening | undefined): boolean =>
    other !== undefined && one.frame === other.frame && matches(one, other);
  const met = expected.findIndex((one, index) => !isMet(one, actual[index]));
  if (met === -1 && expected.length === actual.length) return undefined;
  const end = (met === -1 ? expected.length : met) + MAX_BEHIND;

  const legend = new Map<string, string>();
  const named: { letter: string; value: unknown }[] = [];
  const used = new Set(expected.map(({ letter }) => letter));
  const spare = SPARE_LETTERS.filter((letter) => !used.has(letter));
  const signOf = (one: Happening, row: 'expected' | 'actual'): string => {
    if (one.kind === 'E') {
      legend.set(`# ${row}`, shown(one.value));
      return '#';
    }
    if (one.kind !== 'N') return SIGNS[one.kind];
    const letter = one.letter ?? letterOf(one);
    if (one.value !== letter) legend.set(letter, shown(one.value));
    return letter;
  };
  const letterOf = (one: Happening): string => {
    const alike = expected.filter((other) => other.kind === 'N' && isMeant(other, one));
    const meant = alike.find(({ frame }) => frame === one.frame) ?? alike[0];
    if (meant?.letter !== undefined) return meant.letter;
    const known = named.find(({ value }) => isSame(value, one.value));
    if (known) return known.letter;
    const { value } = one;
    const letter =
      typeof value === 'string' && /^[\p{L}\d]$/u.test(value) && !used.has(value)
        ? value
        : (spare.shift() ?? '?');
    named.push({ letter, value });
    return letter;
  };
  const above = expected.slice(0, end).map((one) => ({ frame: one.frame, sign: signOf(one, 'expected') }));
  const below = actual.slice(0, end).map((one) => ({ frame: one.frame, sign: signOf(one, 'actual') }));
  const [first = '', second = ''] = aligned(above, below);
  const lines = [`expected  ${first || '(nothing)'}`, `actual    ${second || '(nothing)'}`];
  const more = Math.max(expected.length, actual.length) - end;
  if (more > 0) lines.push('', `and ${more} more`);
  if (legend.size > 0) lines.push('', ...[...legend].map(([letter, text]) => `${letter}  ${text}`));
  return lines.map((line) => line && `  ${line.replaceAll('\n', '\n     ')}`).join('\n');
}

/** A value in one line or a few, and nothing of what a connection is made of. */
export function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    if (isEngineConnection(value)) return 'a connection';
    if (isMatcher(value)) {
      return value.sample === undefined ? String(value) : `${value.toString()} ${shown(value.sample)}`;
    }
    const { name, message } = value as { name?: unknown; message?: unknown };
    if (typeof name === 'string' && typeof message === 'string') return `${name}: ${message}`;
  }
  return inspect(named(value), { depth: 4, breakLength: 100, maxArrayLength: 20, maxStringLength: 200 });
}

/** `value`, whose matchers show themselves, and whose errors have one line and no stack. */
function named(value: unknown): unknown {
  if (isMatcher(value) || types.isNativeError(value)) return { [inspect.custom]: () => shown(value) };
  if (!isPlain(value) || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, named(member)]));
}
