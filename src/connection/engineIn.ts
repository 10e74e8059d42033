import type { Peer } from '../core/Peer.ts';
import type { Engine } from './Engine.ts';
import { type EngineConnection, isEngineConnection } from './EngineConnection.ts';

/** The engine of a connection of this library; undefined for any other peer. */
export function engineIn(peer: Peer<unknown, never>): Engine | undefined {
  return isEngineConnection(peer) ? (peer as EngineConnection<unknown, never, unknown>).engine : undefined;
}
