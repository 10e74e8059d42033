import { Observable, type Subscriber } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import { Latest } from '../connection/Latest.ts';
import type { Link } from '../connection/Link.ts';
import type { LinkStatus } from '../connection/LinkStatus.ts';
import type { SuccessivePeer } from '../connection/SuccessivePeer.ts';
import { assertClose } from '../core/closeCode.ts';
import type { Dropped } from '../core/Dropped.ts';
import type { Prepared } from '../core/Prepared.ts';
import { Backoff } from './Backoff.ts';
import type { LinkConfig } from './LinkConfig.ts';
import { LinkConversation, type Stage } from './LinkConversation.ts';
import { Outbox } from './Outbox.ts';

/** A link: one conversation at a time, each begun by its first user; what it is between them. */
export class SuccessiveLink<In, Out> implements Link<In, Out>, SuccessivePeer<In, Out> {
  private readonly source: Observable<Connection<In, Out, undefined>>;
  private readonly config: LinkConfig;
  private readonly outbox: Outbox<Out>;
  private readonly states = new Latest<LinkStatus>({ state: 'closed' });
  private conversation: LinkConversation<In, Out> | undefined;
  readonly messages: Observable<In> = new Observable((subscriber) => this.present.listen(subscriber));
  readonly renewals: Observable<Connection<In, Out, undefined>> = this.stage('renewals');
  readonly connections: Observable<Connection<In, Out, undefined>> = this.stage('connections');
  readonly ready: Observable<Connection<In, Out, undefined>> = this.stage('ready');
  readonly status: Observable<LinkStatus> = this.states.values;
  readonly dropped: Observable<Dropped>;

  constructor(source: Observable<Connection<In, Out, undefined>>, config: LinkConfig) {
    Backoff.check(config.reconnect ?? {});
    this.source = source;
    this.config = config;
    this.outbox = new Outbox(config.offline);
    this.dropped = this.outbox.dropped;
  }

  readonly send = (message: Out | Prepared<Out>): boolean => {
    const connection = this.conversation?.sender;
    return connection === undefined ? this.outbox.take(message) : connection.send(message);
  };

  readonly close = (code = 1000, reason = ''): void => {
    assertClose(code, reason);
    this.outbox.clear();
    this.conversation?.close(code, reason);
  };

  private stage(stage: Stage): Observable<Connection<In, Out, undefined>> {
    return new Observable((subscriber: Subscriber<Connection<In, Out, undefined>>) =>
      this.present.join(stage, subscriber),
    );
  }

  /** The conversation that goes on, or a new one. */
  private get present(): LinkConversation<In, Out> {
    if (this.conversation === undefined || this.conversation.isOver) {
      this.conversation = new LinkConversation({
        source: this.source,
        reconnect: this.config.reconnect ?? {},
        outbox: this.outbox,
        status: (status) => this.states.set(status),
      });
    }
    return this.conversation;
  }
}
