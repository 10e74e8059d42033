import type { IncomingMessage } from 'node:http';

/** A request as Node would read it, with the fields of a handshake; undefined takes one away. */
export function requestOf(
  fields: Readonly<Record<string, string | readonly string[] | undefined>> = {},
  {
    method = 'GET',
    url = '/',
    version = [1, 1],
    socket = {},
  }: { method?: string; url?: string; version?: readonly number[]; socket?: object } = {},
): IncomingMessage {
  const all = {
    host: 'localhost:8080',
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
    ...fields,
  };
  const headers = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const [httpVersionMajor, httpVersionMinor] = version;
  const rawHeaders = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => [name.toUpperCase(), one]),
  );
  return {
    method,
    url,
    headers,
    rawHeaders,
    httpVersionMajor,
    httpVersionMinor,
    socket: { remoteAddress: '::1', ...socket },
  } as unknown as IncomingMessage;
}
