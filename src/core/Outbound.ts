import type { Data } from './Data.ts';
import { Fragment } from './Fragment.ts';
import { Ping } from './Ping.ts';
import { Prepared } from './Prepared.ts';
import { utf8Length } from './utf8Length.ts';

/** What waits in front of a transport. */
export type Outbound = Data | Prepared<unknown> | Fragment | Ping;

/** The payload of what is sent. */
export function payloadOf(outbound: Outbound): Data {
  if (typeof outbound === 'string') return outbound;
  return outbound instanceof Prepared || outbound instanceof Fragment || outbound instanceof Ping
    ? outbound.data
    : outbound;
}

/** The bytes of a payload, text counted in UTF-8. */
export function bytesOf(outbound: Outbound): number {
  if (!(outbound instanceof Prepared)) return bytesIn(payloadOf(outbound));
  outbound.bytes ??= bytesIn(outbound.data);
  return outbound.bytes;
}

function bytesIn(data: Data): number {
  return typeof data === 'string' ? utf8Length(data) : data.byteLength;
}
