import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { nodeClock } from '../../transports/ws/nodeClock.ts';
import type { NatsConnection, NatsMessage } from './NatsConnection.ts';

interface Publication {
  readonly subject: string;
  readonly at: number;
  readonly answered: (refusal?: unknown) => void;
}

/** As long as the client of JetStream waits, in ms. */
const PATIENCE = 5_000;

/**
 * Publishes to a stream, which answers each with its number. The client of JetStream does it too, by a request with a timer and a
 * promise of its own for each: a fifth as fast.
 */
export class JetStreamPublisher {
  private readonly connection: NatsConnection;
  private readonly inbox: string;
  private readonly open = new Map<string, Publication>();
  private readonly answers: { unsubscribe(): void };
  private count = 0;
  /** Why there are no answers. */
  private failure: Error | undefined;
  private cancel: (() => void) | undefined;

  constructor(connection: NatsConnection) {
    this.connection = connection;
    this.inbox = `${connection.options?.inboxPrefix ?? '_INBOX'}.${randomUUID()}.`;
    this.answers = connection.subscribe(`${this.inbox}*`, {
      callback: (error, message) => {
        if (error === null) this.settle(message.subject, refusalOf(message));
        else this.fail(error);
      },
    });
  }

  publish(subject: string, payload: string | Uint8Array, answered: (refusal?: unknown) => void): void {
    if (this.failure !== undefined) throw this.failure;
    const reply = this.inbox + this.count++;
    this.connection.publish(subject, payload, { reply });
    this.open.set(reply, { subject, at: nodeClock.now(), answered });
    this.cancel ??= nodeClock.schedule(this.expire, PATIENCE);
  }

  /** The connection tells it, and not an answer. */
  refused(subject: string, error: unknown): void {
    for (const [reply, publication] of [...this.open])
      if (publication.subject === subject) this.settle(reply, error);
  }

  close(): void {
    this.answers.unsubscribe();
    this.open.clear();
    this.cancel?.();
  }

  private fail(error: Error): void {
    this.failure = error;
    for (const reply of [...this.open.keys()]) this.settle(reply, error);
  }

  private settle(reply: string, refusal?: unknown): void {
    const publication = this.open.get(reply);
    this.open.delete(reply);
    publication?.answered(refusal);
  }

  /** The oldest are first. */
  private readonly expire = (): void => {
    this.cancel = undefined;
    for (const [reply, { at }] of this.open) {
      const left = at + PATIENCE - nodeClock.now();
      if (left > 0) {
        this.cancel = nodeClock.schedule(this.expire, left);
        return;
      }
      this.settle(reply, new Error(`JetStream did not answer for ${PATIENCE} ms`));
    }
  };
}

function refusalOf({ data, headers }: NatsMessage): Error | undefined {
  if (data.length === 0) return new Error(`no stream takes it (${headers?.code ?? 'an empty answer'})`);
  try {
    const { error } = JSON.parse(Buffer.from(data).toString()) as { error?: { description?: string } };
    return error && new Error(`JetStream refuses it: ${error.description}`, { cause: error });
  } catch (cause) {
    return new Error('JetStream answers what is no JSON', { cause });
  }
}
