import type { Observable } from 'rxjs';
import type { Data, Sendable } from '../core/Data.ts';
import type { Dropped } from '../core/Dropped.ts';
import type { Peer } from '../core/Peer.ts';
import type { Prepared } from '../core/Prepared.ts';
import type { Connection } from './Connection.ts';
import type { LinkStatus } from './LinkStatus.ts';

/** One conversation over successive connections; see `link`. Members are bound and can be destructured. */
export interface Link<In = Data, Out = Sendable> extends Peer<In, Out> {
  /**
   * The messages of each connection, one connection after another. Hot, from the subscription on; it keeps the link open.
   *
   * **Completes** when the link has ended well: the server closed with 1000, or `close()`. **Errors with** the error after
   * which there is no further attempt. **On unsubscribe** the last one to leave closes the link. **Holds** nothing here;
   * a connection what `Connection.messages` says, until somebody listens.
   */
  readonly messages: Observable<In>;
  /**
   * Sends one message on the present connection, as `Connection.send` does. While there is none it does what `offline` says: by
   * default the message waits, and true is the answer. False: not taken. **Throws** a `NotSentError` where `offline` is `'error'`.
   */
  readonly send: (message: Out | Prepared<Out>) => boolean;
  /** Where the link is, now and at each change. To subscribe opens nothing. Never completes, and never errors. */
  readonly status: Observable<LinkStatus>;
  /**
   * The present connection, and each that follows; it keeps the link open. **Completes** and **errors** as `messages`
   * does. What is sent from there on a new connection goes behind what channels ask for, and before what waited.
   */
  readonly connections: Observable<Connection<In, Out, undefined>>;
  /** What was to be sent and is thrown away, by the link or by its connections. A value that was not encoded counts no bytes. */
  readonly dropped: Observable<Dropped>;
  /**
   * Ends the link: closes its connection as `Connection.close` does, or stops to connect or wait. Who is subscribed
   * sees completion. A later subscriber begins anew. **Throws** as `Connection.close` does.
   */
  readonly close: (code?: number, reason?: string) => void;
}
