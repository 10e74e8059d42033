import type { Connection } from '../connection/Connection.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import type { Data, Sendable } from '../core/Data.ts';

/** How one conversation ended; `handle` emits one for each connection. */
export interface Ended<In = Data, Out = Sendable, Context = unknown> {
  readonly connection: Connection<In, Out, Context>;
  /** `close.error` is what the project threw or errored with, if it did. */
  readonly close: CloseInfo;
  /** The output had completed; false: it was cut off by the end. */
  readonly finished: boolean;
}
