import type { IncomingMessage } from 'node:http';
import type { Handshake } from '../core/Handshake.ts';
import { headerFields } from '../transports/ws/headerFields.ts';

/** What a connection keeps of its request: not the request itself, which is large. */
export class RequestHandshake implements Handshake {
  /**
   * The URL, and a name and a value for each header field, a line each: no line can have a line break in it. As objects they would be the largest part of an idle connection, and most are never looked at.
   */
  private readonly lines: string;
  /** The socket keeps the same string. */
  readonly remoteAddress: string;
  private parsed: URL | undefined;

  private constructor(url: URL, { socket, headers }: IncomingMessage) {
    const fields = Object.entries(headerFields(headers)).flat();
    this.remoteAddress = socket.remoteAddress ?? '';
    this.lines = [url.href, ...fields].join('\n');
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

  get path(): string {
    // Not by way of a `URL`, which is parsed and kept: each upgrade is asked for its path.
    return /\/\/[^/]*([^?#]*)/.exec(this.href)![1]!;
  }

  /** Made at each call, and not kept. */
  get headers(): Readonly<Record<string, string>> {
    const [, ...fields] = this.lines.split('\n');
    const headers: Record<string, string> = {};
    for (let i = 0; i < fields.length; i += 2) headers[fields[i]!] = fields[i + 1]!;
    return headers;
  }

  get query(): URLSearchParams {
    return this.url.searchParams;
  }

  private get href(): string {
    return this.lines.split('\n', 1)[0]!;
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
