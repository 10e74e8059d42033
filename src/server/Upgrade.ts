import type { IncomingMessage } from 'node:http';
import type { Handshake } from '../core/Handshake.ts';

/** One HTTP request that asks to become a connection and is not decided yet. Members can be destructured. */
export interface Upgrade extends Handshake {
  /** What the `:name` and `*` of the path, or the named groups of its `RegExp`, have found; percent-decoded. What took no part is missing. */
  readonly params: Readonly<Record<string, string>>;
  /** Node's request. Leave its socket alone: it is answered and ended by the decision. */
  readonly raw: IncomingMessage;
}
