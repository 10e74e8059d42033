import type { Clock } from '../../core/Clock.ts';
import type { KeepAliveConfig } from '../../core/KeepAliveConfig.ts';
import { KeepAlive } from '../KeepAlive.ts';
import { nodeClock } from './nodeClock.ts';

/** By default by the clock of the machine only: virtual time would not end before the connection does. */
export function wsKeepAlive(
  clock: Clock,
  config: KeepAliveConfig | false | undefined,
): KeepAlive | undefined {
  return KeepAlive.of(clock, config ?? (clock === nodeClock && {}));
}
