import type { Pausable } from '../core/Pausable.ts';
import { warn } from '../core/ErrorReport.ts';
import type { Hold, Valve } from '../core/Valve.ts';

/** One hold on a source, that begins and ends many times. Both are safe to call twice. */
export interface RepeatedHold {
  begin(): void;
  end(): void;
}

/** The hold of an operator on `source`, which it shares with nobody. */
export function holdOf(source: Valve | Pausable): RepeatedHold {
  let held: Pick<Hold, 'unsubscribe'> | undefined;
  return {
    begin: () => {
      held ??= 'hold' in source ? source.hold() : pause(source);
    },
    end: () => {
      held?.unsubscribe();
      held = undefined;
    },
  };
}

function pause(source: Pausable): Pick<Hold, 'unsubscribe'> {
  source.pause();
  return {
    unsubscribe: () => {
      try {
        source.resume();
      } catch (error) {
        // It is called in ends, which have to go on.
        warn(error);
      }
    },
  };
}
