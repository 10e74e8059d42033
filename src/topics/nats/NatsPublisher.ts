import type { NatsConnection } from './NatsConnection.ts';

interface Publication {
  readonly subject: string;
  readonly answered: (refusal?: unknown) => void;
}

/** Publishes to subjects: the server has what was flushed and not refused. One flush is for all that is published in a turn. */
export class NatsPublisher {
  private readonly connection: NatsConnection;
  private unflushed: Publication[] = [];
  /** So many flushes are on their way. */
  private flushes = 0;
  /** What the server has refused of what is on its way, by subject. */
  private readonly refusals = new Map<string, unknown>();

  constructor(connection: NatsConnection) {
    this.connection = connection;
  }

  publish(subject: string, payload: string | Uint8Array, answered: (refusal?: unknown) => void): void {
    // Asked for before the client asks for its own, the flush leaves in one write with what it follows.
    if (this.unflushed.length === 0) queueMicrotask(() => void this.flush());
    this.unflushed.push({ subject, answered });
    try {
      this.connection.publish(subject, payload);
    } catch (error) {
      this.unflushed.pop();
      throw error;
    }
  }

  /** The connection tells it, and not the answer to what was published. */
  refused(subject: string, error: unknown): void {
    this.refusals.set(subject, error);
  }

  close(): void {
    this.unflushed = [];
  }

  private async flush(): Promise<void> {
    const published = this.unflushed;
    this.unflushed = [];
    let failure: unknown;
    this.flushes++;
    try {
      await this.connection.flush();
      // What was refused is told some steps later than the answer.
      await new Promise((later) => setImmediate(later));
    } catch (error) {
      failure = error ?? 'refused';
    }
    this.flushes--;
    for (const { subject, answered } of published) answered(failure ?? this.refusals.get(subject));
    if (this.flushes === 0 && this.refusals.size > 0) setImmediate(() => this.refusals.clear());
  }
}
