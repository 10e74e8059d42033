import type { Observable, ObservableInput } from 'rxjs';
import type { Sendable } from '../core/Data.ts';
import type { Engine } from './Engine.ts';

/** What is sent and heard beside whole messages. A page can do nothing of it, and is not made to load the code for it. */
export interface Framing {
  ping(engine: Engine, data: Sendable | undefined): Observable<number>;
  fragments(engine: Engine, parts: ObservableInput<Sendable>): Observable<never>;
  roundTrips(engine: Engine): Observable<number>;
}
