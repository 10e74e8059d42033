import type { JetStreamClient, JetStreamManager, StreamInfo } from '@nats-io/jetstream';
import type { HistoryConfig } from '../HistoryConfig.ts';
import { BEGINNING } from '../ids.ts';
import type { DriverPage } from '../remote/BusDriver.ts';
import { optional } from '../remote/optional.ts';
import type { NatsConnection } from './NatsConnection.ts';

/** A day, in ms: what nobody publishes to is kept so long at least, else who comes back to a quiet topic were told of a gap. */
const DAY = 86_400_000;
const PAGE = 256;
const NANOS = 1e6;

type Module = typeof import('@nats-io/jetstream');

/** The history of topics in one stream of JetStream (nats-server 2.9 or newer), which repeats what it took with its number. */
export class JetStreamHistory {
  private readonly connection: NatsConnection;
  private readonly prefix: string;
  private readonly stream: string;
  private readonly config: Required<HistoryConfig>;
  private module: Module | undefined;
  private client: JetStreamClient | undefined;
  private manager: JetStreamManager | undefined;

  constructor(connection: NatsConnection, prefix: string, config: Required<HistoryConfig>) {
    this.connection = connection;
    this.prefix = prefix;
    this.stream = prefix.replaceAll('.', '_');
    this.config = config;
  }

  /** When the stream was made, in ms: the numbers of another one are smaller or greater, and never the same. */
  private born = 0;

  /** Makes the stream, or makes it as it should be. */
  async open(): Promise<void> {
    this.module ??= await optional(
      () => import('@nats-io/jetstream'),
      'the history of nats needs JetStream beside it: npm install @nats-io/jetstream',
    );
    const { connection } = this;
    this.client ??= this.module.jetstream(connection);
    this.manager ??= await this.module.jetstreamManager(connection);
    const { length, maxAgeMs } = this.config;
    const config = {
      name: this.stream,
      subjects: [`${this.prefix}.t.>`],
      // One more: who has it misses nothing of those behind it.
      max_msgs_per_subject: length + 1,
      max_age: Math.max(maxAgeMs, DAY) * NANOS,
      republish: { src: `${this.prefix}.t.>`, dest: `${this.prefix}.l.>` },
    };
    let info: StreamInfo;
    try {
      info = await this.manager.streams.add(config);
    } catch (error) {
      // It is there, with other bounds.
      if (!isInUse(error)) throw error;
      info = await this.manager.streams.update(this.stream, config);
    }
    // Who asks while the server still makes it, for another node, is told of the year 1.
    if (Date.parse(info.created) < 0) info = await this.manager.streams.info(this.stream);
    this.born = Date.parse(info.created);
    if (this.born < 0) throw new Error('JetStream is still making the stream');
  }

  /** The number of the newest message, on whichever subject. */
  async newest(): Promise<number> {
    const { state } = await this.manager!.streams.info(this.stream);
    return state.last_seq;
  }

  /** The id of the message that the stream has by this number. */
  id(sequence: string | number): string {
    return `${this.born}-${sequence}`;
  }

  async read(subject: string, after: string | undefined): Promise<DriverPage> {
    const newest = await this.message({ last_by_subj: subject });
    const last = newest === undefined ? BEGINNING : this.id(newest.seq);
    if (after === undefined || (after === last && after !== BEGINNING))
      return { gap: false, messages: [], last, more: false };
    const [born, sequence] = after.split('-').map(Number);
    const known = born === this.born ? await this.message({ seq: sequence ?? 0 }) : undefined;
    // Nothing behind one that is still there has been taken out.
    const isKnown = known?.subject === subject;
    let gap = after !== BEGINNING && !isKnown;
    for (let from = isKnown ? known.seq + 1 : 1; ;) {
      const { messages, end, hasLeftOut, more } = await this.page(subject, from);
      gap ||= hasLeftOut && after !== BEGINNING;
      // A part of which all is too old is none.
      if (messages.length === 0 && end !== undefined && more) from = end + 1;
      else return { gap, messages, last: end === undefined ? last : this.id(end), more };
    }
  }

  private async page(subject: string, from: number) {
    const { deliver, ack } = { deliver: this.module!.DeliverPolicy, ack: this.module!.AckPolicy };
    const info = await this.manager!.consumers.add(this.stream, {
      ack_policy: ack.None,
      deliver_policy: deliver.StartSequence,
      opt_start_seq: from,
      filter_subject: subject,
      inactive_threshold: 10_000 * NANOS,
      mem_storage: true,
    });
    const found: { seq: number; data: Uint8Array; time: number }[] = [];
    const { num_pending: pending } = info;
    const surplus = Math.max(0, pending - this.config.length);
    try {
      const consumer = await this.client!.consumers.get(this.stream, info.name);
      const wanted = Math.min(pending, PAGE + surplus);
      if (wanted > 0)
        for await (const message of await consumer.fetch({ max_messages: wanted, expires: 5_000 })) {
          found.push({ seq: message.seq, data: message.data, time: message.time.getTime() });
          if (found.length === wanted) break;
        }
    } finally {
      await this.manager!.consumers.delete(this.stream, info.name);
    }
    if (found.length === 0 && pending > 0) throw new Error(`JetStream has ${pending} messages and gave none`);
    const oldest = Date.now() - this.config.maxAgeMs;
    const kept = found.slice(surplus).filter(({ time }) => time >= oldest);
    return {
      messages: kept.map(({ seq, data }) => ({ id: this.id(seq), payload: data })),
      end: found.at(-1)?.seq,
      more: pending > found.length,
      hasLeftOut: kept.length < found.length,
    };
  }

  private async message(query: { seq: number } | { last_by_subj: string }) {
    try {
      const found = await this.manager!.streams.getMessage(this.stream, query);
      return found ?? undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

function isInUse(error: unknown): boolean {
  return codeOf(error) === 10_058;
}

function isNotFound(error: unknown): boolean {
  return codeOf(error) === 10_037;
}

function codeOf(error: unknown): unknown {
  return (Object(error) as { code?: unknown }).code;
}
