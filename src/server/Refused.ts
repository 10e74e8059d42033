import type { Handshake } from '../core/Handshake.ts';

/**
 * Why a request became no connection.
 *
 * - `'malformed'`: it is no opening handshake (400, 426).
 * - `'path'`: nobody serves its path (404).
 * - `'origin'`: its page may not (403).
 * - `'connections'`, `'address'`: there is no room, in all or for its address (503).
 * - `'draining'`: the server leaves, or nobody is there to decide (503).
 * - `'timeout'`: it was not decided in time (503).
 * - `'decision'`: `shouldUpgrade` said no, as it says.
 * - `'failed'`: a function of yours threw (500).
 * - `'left'`: the client was gone before it was decided.
 */
export type RefusalReason =
  | 'malformed'
  | 'path'
  | 'origin'
  | 'connections'
  | 'address'
  | 'draining'
  | 'timeout'
  | 'decision'
  | 'failed'
  | 'left';

/** A request that became no connection. */
export interface Refused {
  readonly reason: RefusalReason;
  /** The status of the answer; undefined where there was none. */
  readonly status: number | undefined;
  /** The request; undefined where its host or target could not be read. */
  readonly handshake: Handshake | undefined;
}
