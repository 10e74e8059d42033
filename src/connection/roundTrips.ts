import { concat, EMPTY, Observable, of, takeUntil } from 'rxjs';
import { warn } from '../core/ErrorReport.ts';
import { shelteredEnd } from '../core/sheltered.ts';
import type { Engine } from './Engine.ts';

/** How long the answers to pings take: the last, where there was one, and then each; see `Connection.roundTripMs`. */
export function roundTrips(engine: Engine): Observable<number> {
  return new Observable((subscriber) => {
    const { lastRoundTripMs, watch } = engine;
    const known = lastRoundTripMs === undefined ? EMPTY : of(lastRoundTripMs);
    return concat(known, watch.trips.pipe(takeUntil(engine.closed))).subscribe(
      shelteredEnd(subscriber, warn),
    );
  });
}
