/** What a diagram may hold. */
export type DiagramKind = 'stream' | 'hot' | 'events' | 'states' | 'subscription';

/** One sign of a diagram: a letter, or one of `| # ^ !`. */
export interface Mark {
  readonly frame: number;
  readonly sign: string;
  /** Its character in the diagram, from 1. */
  readonly column: number;
}

export interface Diagram {
  readonly marbles: string;
  readonly marks: readonly Mark[];
}

/** `10ms `, `1.5s `, `2m `: as RxJS reads it, with a space behind it. */
const PROGRESSION = /^(\d+(?:\.\d+)?)(ms|s|m)(?= )/;
/** The same where it was meant, and is not read as such. */
const NEARLY = /^\d+(?:\.\d+)?(ms|s|m)(?![\p{L}\d])/u;
const UNIT_MS = { ms: 1, s: 1_000, m: 60_000 };

/**
 * Reads a diagram as `TestScheduler.run` does, one frame a millisecond; and throws a `SyntaxError` that says where, for what
 * RxJS would take for something else without a word. `values` are those of its letters.
 */
export function parseDiagram(marbles: string, kind: DiagramKind, where: string, values?: unknown): Diagram {
  const characters = [...marbles];
  const marks: Mark[] = [];
  let frame = 0;
  let group: { readonly frame: number; readonly at: number } | undefined;
  let end: string | undefined;
  let isSubscribed = false;
  const fail = (at: number, what: string): never => {
    throw new SyntaxError(
      `${where}: column ${at + 1} ("${characters[at] ?? ''}"): ${what}\n\n  ${marbles}\n  ${' '.repeat(at)}^`,
    );
  };
  for (let at = 0; at < characters.length; at++) {
    const sign = characters[at]!;
    if (sign === ' ') continue;
    const rest = characters.slice(at).join('');
    const isApart = at === 0 || characters[at - 1] === ' ';
    const progression = isApart ? PROGRESSION.exec(rest) : null;
    if (progression) {
      if (group) fail(at, 'no time passes inside a group');
      const [text, amount, unit] = progression;
      frame += Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
      at += text.length - 1;
      continue;
    }
    const nearly = NEARLY.exec(rest)?.[0];
    if (nearly !== undefined && ![...nearly].every((letter) => hasValue(values, letter))) {
      fail(at, `time is written with a space before and behind it: " ${nearly} "`);
    }
    if (sign === '(') {
      if (group) fail(at, 'a group cannot be inside another');
      group = { frame, at };
    } else if (sign === ')') {
      if (!group) fail(at, 'there is no group to close');
      group = undefined;
    } else if (sign !== '-') {
      if (end !== undefined) fail(at, `nothing follows the end "${end}"`);
      if ((sign === '|' || sign === '#') && (kind === 'stream' || kind === 'hot')) end = sign;
      else if (sign === '^' && (kind === 'hot' || kind === 'subscription')) {
        if (isSubscribed) fail(at, 'there is one "^" already');
        isSubscribed = true;
      } else if (sign === '!' && kind === 'subscription') end = sign;
      else if (kind === 'subscription') fail(at, 'a subscription has "^", "!" and "-"');
      else if (kind === 'states' && sign !== 't' && sign !== 'f') fail(at, 'a state is "t" or "f"');
      else if ('^!|#'.includes(sign)) fail(at, `"${sign}" has no meaning here`);
      marks.push({ frame: group?.frame ?? frame, sign, column: at + 1 });
    } else if (group) fail(at, 'no time passes inside a group');
    // `!` takes no time, as in RxJS.
    if (sign !== '!') frame++;
  }
  if (group) fail(group.at, 'the group is not closed');
  return { marbles, marks };
}

/** Throws where a letter has no value: values are given for all of them, or for none. */
export function assertValues({ marbles, marks }: Diagram, where: string, values: object): void {
  for (const { sign, column } of marks) {
    if ('^!|#'.includes(sign) || hasValue(values, sign)) continue;
    throw new SyntaxError(
      `${where}: column ${column} ("${sign}"): there is no value for it\n\n  ${marbles}\n  ${' '.repeat(column - 1)}^`,
    );
  }
}

/** What was given, if any: `{}`, in front of an error, gives nothing, and letters stand for themselves. */
export function someOf<Values extends object>(given: Values | null | undefined): Values | undefined {
  return given && Object.keys(given).length > 0 ? given : undefined;
}

/** Whether `values` has one for `letter`. */
export function hasValue(values: unknown, letter: string): boolean {
  return Object.hasOwn(Object(values) as object, letter);
}
