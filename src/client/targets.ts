import { defer, from, map, type Observable, type ObservableInput, of, take, throwIfEmpty } from 'rxjs';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import type { ConnectConfig, Dialable, Target } from './ConnectConfig.ts';

/**
 * The one config to connect with; a function is asked at each subscription. **Errors with** what the function throws or
 * its result errors with, or an `InvalidArgumentError` where it gives nothing.
 */
export function targets<In, Out>(dialable: Dialable<In, Out>): Observable<ConnectConfig<In, Out>> {
  return defer(() => {
    const given = typeof dialable === 'function' ? dialable() : dialable;
    return isTarget(given) ? of(given) : from(given);
  }).pipe(
    take(1),
    throwIfEmpty(() => new InvalidArgumentError('the function that tells where to connect to gave nothing')),
    map((target) => (isUrl(target) ? { url: target } : target)),
  );
}

function isTarget<In, Out>(
  given: Target<In, Out> | ObservableInput<Target<In, Out>>,
): given is Target<In, Out> {
  return typeof given === 'string' || 'href' in given || 'url' in given;
}

/** Not `instanceof`: a URL of another realm is one too. */
function isUrl<In, Out>(target: Target<In, Out>): target is string | URL {
  return typeof target === 'string' || 'href' in target;
}
