import { engineIn } from '../connection/engineIn.ts';
import { ConnectionClosedError } from '../core/ConnectionClosedError.ts';
import type { Peer } from '../core/Peer.ts';

/** The error of who still wants something of `peer`, which has ended or is about to. A peer that is no connection says nothing of how. */
export function endOf(peer: Peer<unknown, never>): ConnectionClosedError {
  const close = { code: 1006, reason: '', wasClean: false, by: 'network', openMs: 0 } as const;
  return engineIn(peer)?.closedError() ?? new ConnectionClosedError(close);
}
