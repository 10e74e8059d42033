import type { TopicPattern } from '../TopicPattern.ts';
import type { NatsConnection, NatsMessage } from './NatsConnection.ts';
import type { NatsNames } from './natsNames.ts';
import { type Numbered, StreamOrder } from './StreamOrder.ts';

/** What a subscription tells. */
export interface NatsSubscriptionEvents {
  /** `sequence`: its number, where a stream has repeated it. */
  message(topic: string, payload: Uint8Array, sequence: number | undefined): void;
  refused(error: Error): void;
  /** Something did not come: it has to begin again. */
  missed(): void;
}

interface Repeated extends Numbered {
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** One topic or pattern at the server. The client renews it. */
export class NatsSubscription {
  private readonly order: StreamOrder<Repeated>;
  private readonly subscription: { unsubscribe(): void };

  constructor(
    connection: NatsConnection,
    names: NatsNames,
    target: string | TopicPattern,
    events: NatsSubscriptionEvents,
  ) {
    this.order = new StreamOrder(
      ({ topic, payload, sequence }) => events.message(topic, payload, sequence),
      () => events.missed(),
    );
    const { subject, matches } =
      typeof target === 'string'
        ? { subject: names.subject(target), matches: undefined }
        : names.pattern(target.pattern);
    const callback = (error: Error | null, message: NatsMessage): void => {
      if (error !== null) {
        events.refused(error);
        return;
      }
      const topic = typeof target === 'string' ? target : names.topic(message.subject);
      if (topic === undefined || matches?.(topic) === false) return;
      const { headers, data: payload } = message;
      const sequence = Number(headers?.get('Nats-Sequence') || NaN);
      if (Number.isNaN(sequence)) {
        events.message(topic, payload, undefined);
        return;
      }
      const before = Number(headers!.get('Nats-Last-Sequence') || 0);
      this.order.take({ subject: message.subject, sequence, before, topic, payload });
    };
    this.subscription = connection.subscribe(subject, { callback });
  }

  /** It stands: the newest of the stream has the number `newest`. */
  begin(newest: number): void {
    this.order.begin(newest);
  }

  /** Until it begins again what comes is put off. */
  stop(): void {
    this.order.stop();
  }

  end(): void {
    this.order.stop();
    this.subscription.unsubscribe();
  }
}
