import type { Observable } from 'rxjs';
import type { Prepared } from './Prepared.ts';

/** Something that receives and sends messages: what the operators for conversations need, and no more. */
export interface Peer<In, Out> {
  readonly messages: Observable<In>;
  readonly send: (message: Out | Prepared<Out>) => boolean;
}
