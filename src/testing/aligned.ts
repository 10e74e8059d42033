import type { Happening } from './Happening.ts';

/** A longer wait is written as time. */
const MAX_DASHES = 20;

type Signed = Pick<Happening, 'frame'> & { readonly sign: string };

/**
 * Diagrams, one above the other, each as it is written: what happens in one frame stands in one column. Only what follows
 * a group sooner than it can be written moves, and all behind it.
 */
export function aligned(...rows: readonly (readonly Signed[])[]): string[] {
  const frames = [...new Set(rows.flat().map(({ frame }) => frame))].sort((a, b) => a - b);
  const lines = rows.map(() => '');
  const fill = (width: number): void => {
    lines.forEach((line, index) => (lines[index] = line.padEnd(width, '-')));
  };
  const longest = (): number => Math.max(...lines.map(({ length }) => length));
  let column = 0;
  let last = 0;
  for (const frame of frames) {
    const gap = frame - last - (longest() - column);
    if (gap > MAX_DASHES) {
      fill(longest());
      lines.forEach((line, index) => (lines[index] = `${line} ${duration(gap)} `));
      column = longest();
    } else column += frame - last;
    last = frame;
    const words = rows.map((row) => word(row.filter((one) => one.frame === frame)));
    column = Math.max(column, ...lines.map(({ length }, index) => (words[index] === '' ? 0 : length)));
    words.forEach((text, index) => {
      if (text !== '') lines[index] = lines[index]!.padEnd(column, '-') + text;
    });
  }
  fill(longest());
  return lines.map((line) => line.trimStart());
}

function word(signed: readonly Signed[]): string {
  const signs = signed.map(({ sign }) => sign).join('');
  return signed.length > 1 ? `(${signs})` : signs;
}

/** As a diagram says it. */
export function duration(ms: number): string {
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}
