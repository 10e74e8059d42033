import { defaultIfEmpty, defer, from, map, type Observable, type ObservableInput, of, take } from 'rxjs';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import type { Accepted } from './Accepted.ts';
import type { Decision } from './Decision.ts';
import { isRefusal, type Refusal, reject } from './reject.ts';
import type { Upgrade } from './Upgrade.ts';

const FORBIDDEN = reject(403);

/**
 * Asks `decide`, and emits the first thing it says, once; an empty answer refuses. Errors with what it threw,
 * rejected or errored with, and for what is no decision.
 */
export function decisionOf(
  decide: (upgrade: Upgrade) => Decision | ObservableInput<Decision>,
  upgrade: Upgrade,
): Observable<Accepted | Refusal> {
  return defer(() => {
    const answer = decide(upgrade);
    return isInput(answer) ? from(answer).pipe(take(1), defaultIfEmpty(false)) : of(answer);
  }).pipe(map(read));
}

/** What is neither a yes nor a no is an error, not a yes: a promise inside an answer, `{ ok: false }`, a name. */
function read(decision: Decision): Accepted | Refusal {
  if (decision === undefined || decision === null || decision === false) return FORBIDDEN;
  if (decision === true) return {};
  if (isRefusal(decision)) return decision;
  if (typeof decision === 'object' && !isInput(decision)) {
    const keys = Object.keys(decision);
    if (keys.length === 0 || ['headers', 'protocol', 'context'].some((key) => keys.includes(key)))
      return decision;
  }
  throw new InvalidArgumentError(
    'a decision is a boolean, null, undefined, { headers, protocol, context } or reject(…), by itself or as the ' +
      'first value of an Observable, promise or iterable',
  );
}

/** Whether RxJS can subscribe to it. None of these names is one of a decision. */
function isInput(value: unknown): value is ObservableInput<Decision> {
  if (typeof value !== 'object' || value === null) return false;
  const names = [
    Symbol.observable ?? '@@observable',
    Symbol.asyncIterator,
    Symbol.iterator,
    'then',
    'getReader',
  ];
  return names.some((name) => typeof (value as Record<PropertyKey, unknown>)[name] === 'function');
}
