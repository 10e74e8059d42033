import type { HandshakeError } from '../core/HandshakeError.ts';

/**
 * For how many milliseconds a server that was busy (503) or asked too often (429) wants to be left alone (RFC 9110,
 * 10.2.3): a number of seconds, or a date, which is read by the server's own clock where it tells it. 0: it does not say.
 */
export function retryAfter(error: unknown, now: number): number {
  const { code, status, headers } = Object(error) as Partial<HandshakeError>;
  if (code !== 'HANDSHAKE' || (status !== 503 && status !== 429)) return 0;
  const value = headers?.['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const since = Date.parse(headers?.['date'] ?? '');
  const delayMs = Date.parse(value) - (Number.isNaN(since) ? now : since);
  return delayMs > 0 ? delayMs : 0;
}
