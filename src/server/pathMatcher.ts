import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';

type Params = Readonly<Record<string, string>>;

/** Tells the parameters of a path, or undefined where it is another one. */
export interface PathMatcher {
  /** The more it says, the lower, and the earlier it is asked. */
  readonly rank: number;
  match(path: string): Params | undefined;
}

/** A parameter is a whole segment. */
const PARAMETER = /^:([A-Za-z_]\w*)$/;
const EXACT = 0;
const PATTERN = 1;
const PREFIX = 2;
const ANY = 4;

/**
 * Of the `path` of a config: exactly this one; `:name` for one segment and `*` at the end for all that follows; what the
 * `RegExp` finds; any. Throws an `InvalidArgumentError` for what no request asks for.
 */
export function pathMatcher(path: string | RegExp | undefined): PathMatcher {
  if (path === undefined) return { rank: ANY, match: () => ({}) };
  if (typeof path === 'string') return ofText(path);
  // With `g` or `y` it would go on where it last stopped.
  const pattern = new RegExp(path.source, path.flags.replace(/[gy]/g, ''));
  return {
    rank: PATTERN,
    match: (asked) => {
      const found = pattern.exec(asked);
      return found === null ? undefined : paramsOf(Object.entries(found.groups ?? {}));
    },
  };
}

function ofText(path: string): PathMatcher {
  if (!path.startsWith('/')) {
    throw new InvalidArgumentError(`a path begins with a slash, not as ${JSON.stringify(path)} does`);
  }
  const names: string[] = [];
  const segments = path.split('/');
  const isPrefix = segments.at(-1) === '*';
  const parts = segments.map((segment, index) => {
    const name = PARAMETER.exec(segment)?.[1];
    if (name === undefined && !(isPrefix && index === segments.length - 1)) return literal(segment);
    names.push(name ?? '*');
    return name === undefined ? '(.*)' : '([^/]+)';
  });
  const pattern = new RegExp(`^${parts.join('/')}$`, 's');
  return {
    // Of two prefixes the longer one says more.
    rank: isPrefix ? PREFIX + 1 / path.length : names.length > 0 ? PATTERN : EXACT,
    match: (asked) => {
      const found = pattern.exec(asked);
      return found === null ? undefined : paramsOf(names.map((name, index) => [name, found[index + 1]]));
    },
  };
}

/** A segment as it is, or as a client writes it that encodes what is not ASCII. */
function literal(segment: string): string {
  const texts = new Set([segment, encodeURI(segment)]);
  return `(?:${[...texts].map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})`;
}

function paramsOf(entries: readonly (readonly [name: string, value: string | undefined])[]): Params {
  const params: Record<string, string> = {};
  for (const [name, value] of entries) if (value !== undefined) params[name] = decoded(value);
  return params;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // Not percent-encoded: as it stands.
    return value;
  }
}
