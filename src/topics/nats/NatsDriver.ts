import type { HistoryConfig } from '../HistoryConfig.ts';
import { keyOf } from '../keyOf.ts';
import type { BusDriver, DriverEvents, DriverPage } from '../remote/BusDriver.ts';
import { type Sized, wrapAll } from '../remote/envelope.ts';
import { isMissing } from '../remote/optional.ts';
import type { TopicPattern } from '../TopicPattern.ts';
import { JetStreamHistory } from './JetStreamHistory.ts';
import { JetStreamPublisher } from './JetStreamPublisher.ts';
import type { NatsConnection } from './NatsConnection.ts';
import { natsNames, type NatsNames } from './natsNames.ts';
import { NatsPublisher } from './NatsPublisher.ts';
import { NatsSubscription } from './NatsSubscription.ts';

/** How NATS is used. */
export interface NatsDriverConfig {
  /** One attempt. */
  open: () => Promise<NatsConnection>;
  /** Whether the connection is ended with the bus. */
  isOwn: boolean;
  prefix: string;
  history: Required<HistoryConfig> | undefined;
}

const RETRY_MS = 250;

/** Topics over NATS: subjects, and one stream of JetStream where a history is kept. */
export class NatsDriver implements BusDriver {
  private readonly config: NatsDriverConfig;
  private readonly published: NatsNames;
  private readonly delivered: NatsNames;
  private readonly subscriptions = new Map<string, NatsSubscription>();
  private events!: DriverEvents;
  private connection: NatsConnection | undefined;
  private history: JetStreamHistory | undefined;
  private publisher: NatsPublisher | JetStreamPublisher | undefined;
  private retry: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(config: NatsDriverConfig) {
    this.config = config;
    const { prefix, history } = config;
    this.published = natsNames(`${prefix}.t`);
    this.delivered = history === undefined ? this.published : natsNames(`${prefix}.l`);
  }

  /** In a history each message has an id. */
  get maxBatchBytes(): number {
    return (this.config.history === undefined && this.connection?.info?.max_payload) || 0;
  }

  start(events: DriverEvents): void {
    this.events = events;
    this.config.open().then(
      (connection) => {
        if (this.isClosed) return this.leave(connection);
        this.connection = connection;
        const { prefix, history } = this.config;
        this.history = history && new JetStreamHistory(connection, prefix, history);
        void this.watch(connection);
        connection.closed().then(
          (error) => events.fatal(error ?? new Error('the connection was closed')),
          (error: unknown) => events.fatal(error),
        );
        return this.ready(connection);
      },
      (error: unknown) => {
        if (isMissing(error)) events.fatal(error);
        else this.again(error, () => this.start(events));
      },
    );
  }

  publish(topic: string, messages: readonly Sized[], answered: (refusal?: unknown) => void): void {
    this.publisher!.publish(this.published.subject(topic), wrapAll(messages), answered);
  }

  async subscribe(targets: readonly (string | TopicPattern)[]): Promise<void> {
    const connection = this.connection!;
    let refused: Error | undefined;
    let isStanding = false;
    const all = targets.map((target) => {
      const key = keyOf(target);
      let subscription = this.subscriptions.get(key);
      subscription?.stop();
      subscription ??= new NatsSubscription(connection, this.delivered, target, {
        message: (topic, payload, sequence) => {
          const id = sequence === undefined ? undefined : this.history?.id(sequence);
          this.events.message(target, topic, payload, id);
        },
        refused: (error) => {
          refused = error;
          this.subscriptions.delete(key);
          if (isStanding && !this.isClosed) this.renew(connection, error);
        },
        missed: () => this.events.missed(target),
      });
      this.subscriptions.set(key, subscription);
      return subscription;
    });
    await connection.flush();
    const newest = (await this.history?.newest()) ?? 0;
    if (refused !== undefined) throw refused;
    isStanding = true;
    for (const subscription of all) subscription.begin(newest);
  }

  unsubscribe(target: string | TopicPattern): void {
    const key = keyOf(target);
    this.subscriptions.get(key)?.end();
    this.subscriptions.delete(key);
  }

  read(topic: string, after: string | undefined): Promise<DriverPage> {
    return this.history!.read(this.published.subject(topic), after);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.retry);
    for (const subscription of this.subscriptions.values()) subscription.end();
    this.subscriptions.clear();
    this.publisher?.close();
    if (this.connection !== undefined) this.leave(this.connection);
  }

  private leave(connection: NatsConnection): void {
    if (this.config.isOwn) connection.close().catch(() => undefined);
  }

  private async watch(connection: NatsConnection): Promise<void> {
    for await (const { type, error } of connection.status()) {
      if (this.isClosed) return;
      const { operation, subject } = Object(error) as { operation?: unknown; subject?: unknown };
      if (type === 'error' && operation === 'publish') this.publisher?.refused(String(subject), error);
      if (type === 'disconnect') this.events.down(new Error('the connection to NATS was lost'), true);
      if (type === 'reconnect') await this.ready(connection);
    }
  }

  /** One that stood is refused: its rights have changed. It is asked for again, and refused. */
  private renew(connection: NatsConnection, error: unknown): void {
    this.events.down(error, true);
    void this.ready(connection);
  }

  /** The connection is there; the stream too? JetStream may take a moment longer. */
  private async ready(connection: NatsConnection): Promise<void> {
    try {
      this.publisher?.close();
      this.publisher =
        this.history === undefined ? new NatsPublisher(connection) : new JetStreamPublisher(connection);
      await this.history?.open();
      await connection.flush();
    } catch (error) {
      if (isMissing(error)) this.events.fatal(error);
      else this.again(error, () => void this.ready(connection));
      return;
    }
    if (!this.isClosed && !connection.isClosed()) this.events.up();
  }

  private again(error: unknown, attempt: () => void): void {
    if (this.isClosed) return;
    this.events.down(error, true);
    clearTimeout(this.retry);
    this.retry = setTimeout(attempt, RETRY_MS);
  }
}
