import type { ObservableInput } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import type { Data, Sendable } from '../core/Data.ts';
import type { Prepared } from '../core/Prepared.ts';

/** What `handle` takes: a connection in, what is sent to it out. An Observable, promise, iterable or readable stream. */
export type Handler<In = Data, Out = Sendable, Context = unknown> = (
  connection: Connection<In, Out, Context>,
) => ObservableInput<Out | Prepared<Out>>;
