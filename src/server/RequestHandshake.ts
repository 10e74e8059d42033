import type { IncomingMessage } from 'node:http';
import type { Handshake } from '../core/Handshake.ts';
import { headerFields } from '../transports/ws/headerFields.ts';

/** What a connection keeps of its request: not the request itself, which is large. */
export class RequestHandshake implements Handshake {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly remoteAddress: string;
  private readonly href: string;
  private parsed: URL | undefined;

  private constructor(url: URL, request: IncomingMessage) {
    this.href = url.href;
    this.path = url.pathname;
    this.headers = headerFields(request.headers);
    this.remoteAddress = request.socket.remoteAddress ?? '';
  }

  /** Undefined where the request has no usable host or target (RFC 9112, 3.2). */
  static of(request: IncomingMessage): RequestHandshake | undefined {
    const url = urlOf(request);
    return url && new RequestHandshake(url, request);
  }

  get url(): URL {
    this.parsed ??= new URL(this.href);
    return this.parsed;
  }

  get query(): URLSearchParams {
    return this.url.searchParams;
  }
}

function urlOf(request: IncomingMessage): URL | undefined {
  const { url: target = '', headers } = request;
  const scheme = (request.socket as { encrypted?: boolean }).encrypted ? 'wss' : 'ws';
  // A slash, a query or a user name in it would move what stands behind.
  const host = headers.host !== undefined && /^[^\s/\\?#@]+$/.test(headers.host) ? headers.host : undefined;
  if (host === undefined) return undefined;
  try {
    if (target.startsWith('/')) return new URL(`${scheme}://${host}${target}`);
    // The absolute form, as a proxy sends it: its host counts.
    const absolute = new URL(target);
    if (!/^(http|ws)s?:$/.test(absolute.protocol)) return undefined;
    return new URL(`${scheme}://${absolute.host}${absolute.pathname}${absolute.search}`);
  } catch {
    return undefined;
  }
}
