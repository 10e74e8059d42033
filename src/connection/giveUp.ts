import { CloseError } from '../core/CloseError.ts';
import type { Engine } from './Engine.ts';

/** How long a peer that was too slow has to read the close frame. */
const GRACE_MS = 1_000;

/** The peer does not read what is sent to it: closes with 1013, and cuts the socket soon after; `reason` is for this end. */
export function giveUp(engine: Engine, reason: string): void {
  if (engine.state === 'closed') return;
  const { leaving, outgoing, transport } = engine;
  leaving.isLost = true;
  outgoing.end();
  engine.shut(1013, 'too slow', new CloseError(1013, reason));
  // The close frame stands behind what the socket holds, and the peer does not read.
  const { code, reason: told } = leaving.intent!;
  leaving.cutAfter(GRACE_MS);
  transport.close(code, told);
}
