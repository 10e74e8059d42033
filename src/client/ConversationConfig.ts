import type { Observable } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import type { LinkStatus } from '../connection/LinkStatus.ts';
import type { Outbox } from './Outbox.ts';
import type { ReconnectConfig } from './ReconnectConfig.ts';

/** What a conversation is held with. */
export interface ConversationConfig<In, Out> {
  readonly source: Observable<Connection<In, Out, undefined>>;
  readonly reconnect: ReconnectConfig;
  readonly outbox: Outbox<Out>;
  /** How it goes; after `closed` there is nothing more. */
  status(status: LinkStatus): void;
}
