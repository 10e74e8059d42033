import { defer, EMPTY, type Observable, retry, Subject, type Subscriber, Subscription } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import { warn } from '../core/ErrorReport.ts';
import { shelteredEnd } from '../core/sheltered.ts';
import { Backoff } from './Backoff.ts';
import type { ConversationConfig } from './ConversationConfig.ts';

/** Who is told of a new connection, in this order; between the last two what waited is sent. */
const STAGES = ['renewals', 'connections', 'ready'] as const;
export type Stage = (typeof STAGES)[number];

/** The life of a link from its first user to its last, or to its end. */
export class LinkConversation<In, Out> {
  private readonly config: ConversationConfig<In, Out>;
  private readonly life = new Subscription();
  private readonly stages: Readonly<Record<Stage, Subject<Connection<In, Out, undefined>>>> = {
    renewals: new Subject(),
    connections: new Subject(),
    ready: new Subject(),
  };
  private messages = new Subject<In>();
  private users = 0;
  private present: Connection<In, Out, undefined> | undefined;
  /** How many stages know of the present connection. */
  private told = 0;
  private isFirst = true;
  private readers = 0;
  private reading: Subscription | undefined;
  private isBegun = false;
  private isLeaving = false;
  /** The connections are over; what was received is still being delivered. */
  private isDone = false;
  isOver = false;
  private lastClose: CloseInfo | undefined;

  constructor(config: ConversationConfig<In, Out>) {
    this.config = config;
  }

  /** Takes part in one stage. The result lets the user leave. */
  join(stage: Stage, subscriber: Subscriber<Connection<In, Out, undefined>>): () => void {
    const subscription = this.stages[stage].subscribe(shelteredEnd(subscriber, warn));
    const { present, told } = this;
    if (present && told > STAGES.indexOf(stage) && isFit(present, stage)) subscriber.next(present);
    return this.entered(subscription, stage !== 'connections');
  }

  listen(subscriber: Subscriber<In>): () => void {
    return this.entered(this.messages.subscribe(shelteredEnd(subscriber, warn)), true);
  }

  /** Whom a message can be sent on at once. */
  get sender(): Connection<In, Out, undefined> | undefined {
    const isOpen = this.told > STAGES.indexOf('connections') && this.present?.state === 'open';
    return isOpen && this.config.outbox.isEmpty ? this.present : undefined;
  }

  /** By the user: what is open is closed, and then it is over; else it is at once. */
  close(code?: number, reason?: string): void {
    this.isLeaving = true;
    this.present?.close(code, reason);
    if (this.present === undefined) this.finish();
  }

  private entered(subscription: Subscription, reads: boolean): () => void {
    this.users++;
    if (reads) this.readers++;
    if (!this.isBegun) this.begin();
    this.read();
    return () => {
      subscription.unsubscribe();
      this.users--;
      if (reads) this.readers--;
      this.read();
      if (this.users === 0) this.finish();
    };
  }

  private begin(): void {
    const { source, reconnect } = this.config;
    const backoff = new Backoff(reconnect);
    this.isBegun = true;
    const attempts = defer(() => {
      this.config.status({ state: 'connecting' });
      // Whoever is told may end it all.
      return this.isOver ? EMPTY : source;
    });
    const delay = (error: unknown): Observable<void> => {
      const delayMs = this.isLeaving ? 0 : backoff.delayAfter(error);
      // Also by the user's function that was just asked.
      if (this.isLeaving || this.isOver) throw error;
      this.lost();
      this.config.status({ state: 'waiting', retryAt: backoff.scheduler.now() + delayMs });
      return backoff.wait(delayMs);
    };
    this.life.add(
      attempts.pipe(retry({ delay })).subscribe({
        next: (connection) => this.opened(connection),
        error: (error: unknown) => this.finish(this.isLeaving ? undefined : { error }),
        complete: () => this.completed(),
      }),
    );
  }

  private opened(connection: Connection<In, Out, undefined>): void {
    if (this.isOver) return;
    // The source may give another one in the place of the last.
    this.lost();
    const { outbox } = this.config;
    outbox.prepare(this.isFirst);
    this.isFirst = false;
    this.present = connection;
    this.lastClose = undefined;
    this.life.add(
      connection.closed.subscribe((close) => {
        this.lastClose = close;
      }),
    );
    // Beyond this life: the last of it may be dropped while the connection closes, with which this ends too.
    connection.dropped.subscribe((dropped) => outbox.report(dropped));
    for (const stage of STAGES) {
      if (stage === 'ready') this.sendWaiting(connection);
      // Whoever is told may end it all.
      if (this.present !== connection) return;
      this.told++;
      if (isFit(connection, stage)) this.stages[stage].next(connection);
    }
    this.read();
  }

  private sendWaiting(connection: Connection<In, Out, undefined>): void {
    const { outbox, status } = this.config;
    this.life.add(outbox.sendTo(connection));
    if (this.present === connection && connection.state === 'open') status({ state: 'open' });
  }

  private lost(): void {
    this.present = undefined;
    this.told = 0;
    this.reading?.unsubscribe();
    this.reading = undefined;
  }

  /** Reads the present connection while somebody listens: what nobody reads closes it. */
  private read(): void {
    if (this.readers === 0) {
      this.reading?.unsubscribe();
      this.reading = undefined;
      if (this.isDone) this.finish();
    } else if (this.reading === undefined && this.present !== undefined && this.told === STAGES.length) {
      this.reading = new Subscription();
      this.reading.add(
        this.present.messages.subscribe({
          next: (message) => this.messages.next(message),
          error: (error: unknown) => this.undecodable(error),
          complete: () => {
            this.reading?.unsubscribe();
            if (this.isDone) this.finish();
          },
        }),
      );
    }
  }

  /** A message could not be decoded: the end for who listens, and for nobody else. Who listens anew finds it open. */
  private undecodable(error: unknown): void {
    const { messages } = this;
    this.messages = new Subject();
    this.reading = undefined;
    const leave = this.entered(Subscription.EMPTY, true);
    messages.error(error);
    leave();
  }

  private completed(): void {
    this.isDone = true;
    if (this.reading === undefined || this.reading.closed) this.finish();
  }

  private finish(failure?: { readonly error: unknown }): void {
    if (this.isOver) return;
    this.isOver = true;
    this.lost();
    this.life.unsubscribe();
    const { outbox, status } = this.config;
    outbox.clear();
    const { close = this.lastClose } = Object(failure?.error) as { close?: CloseInfo };
    status({ state: 'closed', ...(close === undefined ? {} : { close }) });
    for (const stream of [...Object.values(this.stages), this.messages]) {
      if (failure === undefined) stream.complete();
      else stream.error(failure.error);
    }
  }
}

/** What wants to ask has no use for a connection that is closing: it waits for the next. */
function isFit({ state }: { readonly state: string }, stage: Stage): boolean {
  return stage !== 'ready' || state === 'open';
}
