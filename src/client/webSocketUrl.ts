import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';

interface Page {
  location?: { href: string };
}

/**
 * The `ws:` or `wss:` URL that is meant (RFC 6455, 3); `http:` and `https:` stand for them. In a page it may be relative.
 * Throws an `InvalidArgumentError` for anything else.
 */
export function webSocketUrl(url: string | URL): URL {
  let given: URL;
  try {
    given = new URL(String(url), (globalThis as Page).location?.href);
  } catch (cause) {
    throw new InvalidArgumentError(`this is no URL: ${String(url)}`, { cause });
  }
  const { protocol, href } = given;
  if (!['ws:', 'wss:', 'http:', 'https:'].includes(protocol)) {
    throw new InvalidArgumentError(`a WebSocket URL begins with ws:, wss:, http: or https:, not ${protocol}`);
  }
  if (href.includes('#')) throw new InvalidArgumentError('a WebSocket URL has no fragment; write # as %23');
  return new URL(href.replace(/^http/, 'ws'));
}
