import type { Unsubscribable } from 'rxjs';

/** A reason not to read just now. It ends once, by whichever name is called first. */
export interface Hold extends Unsubscribable {
  [Symbol.dispose](): void;
}

/** A source that can be held: it delivers nothing until every hold has been released. */
export interface Valve {
  hold(): Hold;
}
