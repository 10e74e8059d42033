const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * The subprotocols of a `Sec-WebSocket-Protocol` header, in order; undefined where it is malformed (RFC 6455,
 * 11.3.4).
 */
export function offeredProtocols(header: string | undefined): readonly string[] | undefined {
  if (header === undefined) return [];
  const offered = header.split(',').map((name) => name.trim());
  return offered.every((name) => TOKEN.test(name)) && new Set(offered).size === offered.length
    ? offered
    : undefined;
}
