import type { Observable } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import type { Framing } from '../connection/Framing.ts';
import type { Link } from '../connection/Link.ts';
import type { Dial } from '../transports/Dial.ts';
import { lifetime } from './lifetime.ts';
import type { Linkable, LinkConfig } from './LinkConfig.ts';
import { opening } from './opening.ts';
import { SuccessiveLink } from './SuccessiveLink.ts';

/** A link whose connections are dialled, or given. What `config` says goes before what stands beside the URL. */
export function linkOver<In, Out>(
  linkable: Linkable<In, Out>,
  config: LinkConfig,
  dial: Dial,
  framing?: Framing,
): Link<In, Out> {
  if (isObservable(linkable)) return new SuccessiveLink(linkable, config);
  const beside: LinkConfig = typeof linkable === 'object' ? (linkable as LinkConfig) : {};
  return new SuccessiveLink(lifetime(opening(linkable, dial, framing)), { ...beside, ...config });
}

/** Not `instanceof`: it may be of another copy of RxJS. */
function isObservable<In, Out>(
  linkable: Linkable<In, Out>,
): linkable is Observable<Connection<In, Out, undefined>> {
  return typeof linkable === 'object' && 'subscribe' in linkable;
}
