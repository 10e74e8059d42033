import { channel } from 'node:diagnostics_channel';
import type { Refused } from './Refused.ts';
import type { ServerStatistics } from './ServerStatistics.ts';

const refusals = channel('rxjs-ws:refused');

/** A request became no connection: counts it, and publishes it on the channel `rxjs-ws:refused`. */
export function tellRefused(refused: Refused, statistics: Iterable<ServerStatistics | undefined>): void {
  refusals.publish(refused);
  for (const counted of new Set(statistics)) counted?.refuse(refused);
}
