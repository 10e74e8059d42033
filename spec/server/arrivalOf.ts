import { duplexPair, type Duplex } from 'node:stream';
import type { Arrival } from '../../src/server/PendingUpgrade.ts';
import { RequestHandshake } from '../../src/server/RequestHandshake.ts';
import { requestOf } from './requestOf.ts';

/** What an `upgrade` event brings, without a port; `client` is the other end of its socket. */
export function arrivalOf(
  fields: Parameters<typeof requestOf>[0] = {},
  head = Buffer.alloc(0),
): Arrival & { readonly client: Duplex } {
  const [socket, client] = duplexPair();
  const request = requestOf(fields);
  return { request, socket, head, handshake: RequestHandshake.of(request)!, client };
}
