import type { ObservableInput } from 'rxjs';
import type { Accepted } from './Accepted.ts';
import type { Refusal } from './reject.ts';

/** `true` or an `Accepted` accepts; `false`, null and undefined refuse with 403, `reject(status)` as it says. */
export type Decision = boolean | null | undefined | Accepted | Refusal;

type Decided<D> = D extends Decision ? D : D extends ObservableInput<infer T> ? T : never;
type ContextOfDecision<D> = D extends Refusal | false | null | undefined
  ? never
  : D extends { context: infer C }
    ? C
    : undefined;

/** The type of `connection.context` where the decision is a `D`, or an ObservableInput of decisions. */
export type ContextOf<D> = ContextOfDecision<Decided<D>>;
