import { engineIn } from '../connection/engineIn.ts';
import { warn } from '../core/ErrorReport.ts';
import type { Peer } from '../core/Peer.ts';
import type { Prepared } from '../core/Prepared.ts';

/** Sends where nobody can be told that it failed, in an end or by a timer: what `send` throws is reported. */
export function tell<Out>(peer: Peer<unknown, Out>, message: Out | Prepared<Out>): void {
  try {
    peer.send(message);
  } catch (error) {
    const engine = engineIn(peer);
    if (engine === undefined) warn(error);
    else engine.report(error);
  }
}
