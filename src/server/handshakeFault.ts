import type { IncomingMessage } from 'node:http';
import { offeredProtocols } from './offeredProtocols.ts';
import type { RefusalAnswer } from './refuse.ts';

/** Why a request is no opening handshake (RFC 6455, 4.2.1); undefined where it is one. */
export function handshakeFault(request: IncomingMessage): RefusalAnswer | undefined {
  const { headers } = request;
  if (request.method !== 'GET') return bad('the method of a WebSocket handshake is GET');
  if (request.httpVersionMajor !== 1 || request.httpVersionMinor < 1)
    return bad('a WebSocket handshake needs HTTP/1.1');
  if (hostCount(request) !== 1) return bad('exactly one Host header is needed');
  if (headers.upgrade?.toLowerCase() !== 'websocket') return bad('the Upgrade header is not "websocket"');
  if (!/(^|,)\s*upgrade\s*(,|$)/i.test(headers.connection ?? ''))
    return bad('the Connection header has no "upgrade"');
  if (headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0') {
    return bad('a WebSocket handshake has no body');
  }
  if (headers['sec-websocket-version'] !== '13') {
    return {
      status: 426,
      lines: ['Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
      body: 'Sec-WebSocket-Version 13 is needed',
    };
  }
  // 16 bytes in base64.
  if (!/^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? ''))
    return bad('the Sec-WebSocket-Key is missing or malformed');
  if (offeredProtocols(headers['sec-websocket-protocol']) === undefined)
    return bad('the Sec-WebSocket-Protocol is malformed');
  return undefined;
}

function bad(body: string): RefusalAnswer {
  return { status: 400, body };
}

function hostCount({ rawHeaders }: IncomingMessage): number {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
}
