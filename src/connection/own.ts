import type { CloseInfo } from '../core/CloseInfo.ts';
import type { Engine } from './Engine.ts';
import type { Owner } from './Owner.ts';

/** `owner` answers for the connection from now on. A second one is told of its end too, and not whether there is room. */
export function own(engine: Engine, owner: Owner): void {
  if (engine.owner === undefined) {
    engine.owner = owner;
    engine.whenEnded(tellOwner);
  } else {
    engine.whenEnded((close) => owner.closed(close));
    engine.incoming.whenDone(() => owner.allRead());
  }
}

// One function for all connections.
function tellOwner(close: CloseInfo, { owner }: Engine): void {
  owner?.closed(close);
}
