import type { IncomingHttpHeaders } from 'node:http';

/** Each header field as one string: what was sent many times is joined by commas (RFC 9110, 5.3). */
export function headerFields(headers: IncomingHttpHeaders): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) fields[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return fields;
}
