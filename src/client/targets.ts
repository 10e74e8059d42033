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
    if (isTarget(given)) return of(given);
    if (Object(given) !== given) throw noTarget(given);
    return from(given);
  }).pipe(
    take(1),
    throwIfEmpty(() => new InvalidArgumentError('the function that tells where to connect to gave nothing')),
    map((target) => {
      if (!isTarget(target)) throw noTarget(target);
      return isUrl(target) ? { url: target } : target;
    }),
  );
}

function isTarget<In, Out>(
  given: Target<In, Out> | ObservableInput<Target<In, Out>>,
): given is Target<In, Out> {
  if (typeof given === 'string') return true;
  return Object(given) === given && ('href' in given || 'url' in given);
}

function noTarget(given: unknown): InvalidArgumentError {
  return new InvalidArgumentError(
    `this is nowhere to connect to: ${String(given)}; give a URL, or a config with one`,
  );
}

/** Not `instanceof`: a URL of another realm is one too. */
function isUrl<In, Out>(target: Target<In, Out>): target is string | URL {
  return typeof target === 'string' || 'href' in target;
}
