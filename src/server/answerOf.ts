import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import type { Accepted } from './Accepted.ts';
import { headerLines } from './headerLines.ts';
import type { PendingUpgrade } from './PendingUpgrade.ts';
import { offeredProtocols } from './offeredProtocols.ts';

/** What makes the handshake. */
const OURS = /^(connection|upgrade|content-length|transfer-encoding|sec-websocket-.*)$/i;

/** What the 101 says beside the handshake. */
export interface Answer {
  readonly protocol: string;
  readonly lines: readonly string[];
}

/** Makes the answer of a decision; throws for what would break it (RFC 6455, 4.2.2). */
export function answerOf(
  { headers = {}, protocol }: Accepted,
  { arrival, protocols }: PendingUpgrade,
): Answer {
  const lines = headerLines(headers, OURS);
  const offered = offeredProtocols(arrival.request.headers['sec-websocket-protocol']) ?? [];
  if (protocol === undefined)
    return { lines, protocol: offered.find((name) => protocols.includes(name)) ?? '' };
  if (offered.includes(protocol)) return { lines, protocol };
  throw new InvalidArgumentError(
    `the subprotocol ${JSON.stringify(protocol)} was not offered by the client, which knows ${JSON.stringify(offered)}`,
  );
}
