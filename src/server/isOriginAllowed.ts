import type { Handshake } from '../core/Handshake.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import { onRejection } from '../core/onRejection.ts';

/** `'*'`: all. A list: those, as `https://app.example`. A function: those that it answers `true` for. */
export type Origins = '*' | readonly string[] | ((origin: string) => boolean);

/**
 * Whether the page that asks may connect. A request without an `Origin` comes from no page, and may. Default: the
 * pages of the host that is asked, on any port. Throws what the function throws.
 */
export function isOriginAllowed(origins: Origins | undefined, handshake: Handshake): boolean {
  const { origin } = handshake.headers;
  if (origin === undefined || origins === '*') return true;
  if (origins === undefined) return urlOf(origin)?.hostname === handshake.url.hostname;
  if (typeof origins === 'function') return asBoolean(origins(origin));
  const asked = normal(origin);
  return origins.some((allowed) => normal(allowed) === asked);
}

/** A promise is truthy whatever comes of it: only a boolean counts. */
function asBoolean(answer: boolean): boolean {
  if (typeof answer === 'boolean') return answer;
  onRejection(answer, () => {});
  throw new InvalidArgumentError(
    '`origins` answers true or false, at once; what takes time belongs into the decision',
  );
}

function normal(origin: string): string {
  const url = urlOf(origin);
  // `null` and the schemes of apps have no origin in this sense; they are compared as they stand.
  return url === undefined || url.origin === 'null' ? origin : url.origin;
}

function urlOf(origin: string): URL | undefined {
  try {
    return new URL(origin);
  } catch {
    return undefined;
  }
}
