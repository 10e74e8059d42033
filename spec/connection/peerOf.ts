import type { Connection } from '../../src/connection/Connection.ts';
import { engineOf } from '../../src/connection/EngineConnection.ts';
import type { MemoryPeer } from '../../src/testing/MemoryPeer.ts';
import type { MemoryTransport } from '../../src/testing/MemoryTransport.ts';

/** The peer of a marble connection, for what no diagram says: what it does in the midst of a call. */
export function peerOf(connection: Connection<unknown, never>): MemoryPeer {
  return (engineOf(connection).transport as MemoryTransport).peer;
}
