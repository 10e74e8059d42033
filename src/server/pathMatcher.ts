type Params = Readonly<Record<string, string>>;

/** Tells the parameters of a path, or undefined where it is another one. */
export interface PathMatcher {
  /** The more it says, the earlier it is asked. */
  readonly rank: 0 | 1 | 2;
  match(path: string): Params | undefined;
}

/** Of the `path` of a config: exactly this one; what the `RegExp` finds; any. */
export function pathMatcher(path: string | RegExp | undefined): PathMatcher {
  if (path === undefined) return { rank: 2, match: () => ({}) };
  if (typeof path === 'string') return { rank: 0, match: (asked) => (asked === path ? {} : undefined) };
  // With `g` or `y` it would go on where it last stopped.
  const pattern = new RegExp(path.source, path.flags.replace(/[gy]/g, ''));
  return {
    rank: 1,
    match: (asked) => {
      const found = pattern.exec(asked);
      return found === null ? undefined : paramsOf(found.groups ?? {});
    },
  };
}

function paramsOf(groups: Readonly<Record<string, string | undefined>>): Params {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(groups)) if (value !== undefined) params[name] = decoded(value);
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
