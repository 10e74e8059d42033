import { Buffer } from 'node:buffer';
import { InvalidArgumentError } from '../../core/InvalidArgumentError.ts';
import type { HistoryConfig } from '../HistoryConfig.ts';
import type { BusDriver, DriverEvents, DriverPage } from '../remote/BusDriver.ts';
import { type Sized, wrap, wrapAll } from '../remote/envelope.ts';
import type { TopicPattern } from '../TopicPattern.ts';
import { Pulse } from './Pulse.ts';
import type { RedisConnection, RedisEvents, RedisKind } from './RedisConnection.ts';
import { redisNames, type RedisNames } from './redisNames.ts';
import { PUBLISH, READ } from './scripts.ts';

/** How Redis is used. */
export interface RedisDriverConfig {
  /** Two connections: one only listens. Called again where they have died. */
  open: () => Promise<readonly [publisher: RedisConnection, subscriber: RedisConnection]>;
  prefix: string;
  isSharded: boolean;
  history: Required<HistoryConfig> | undefined;
  /** How long Redis may be silent. Default 10 s. */
  silentMs?: number;
  /** Whether one node passes on what another was told: what it had not passed on is lost with it. Default false. */
  isRelayed?: boolean;
}

/** A history that nobody publishes to is kept for a day at least: else who comes back to a quiet topic were told of a gap. */
const DAY = 86_400_000;
const PAGE = 256;

/** Topics over Redis: publish/subscribe, and a stream for each topic where a history is kept. */
export class RedisDriver implements BusDriver {
  readonly maxBatchBytes: number = Infinity;
  private readonly config: RedisDriverConfig;
  private readonly names: RedisNames;
  private readonly targets = new Map<string, string | TopicPattern>();
  private publisher: RedisConnection | undefined;
  private subscriber: RedisConnection | undefined;
  private pulse: Pulse | undefined;
  private isClosed = false;

  constructor(config: RedisDriverConfig) {
    this.config = config;
    this.names = redisNames(config.prefix, config.isSharded);
  }

  start(events: DriverEvents): void {
    this.config.open().then(
      ([publisher, subscriber]) => {
        // Closed meanwhile: they have not begun.
        if (this.isClosed) return;
        this.publisher = publisher;
        this.subscriber = subscriber;
        const both = [publisher, subscriber];
        const ready = new Set<RedisConnection>();
        const ask = (): Promise<unknown> =>
          ready.size < 2
            ? new Promise(() => undefined)
            : Promise.allSettled(both.map((each) => each.command(['PING'])));
        const silentMs = this.config.silentMs ?? 10_000;
        // A connection that is cut off without a word is never said to be lost.
        const pulse = new Pulse(silentMs, ask, () => {
          events.down(new Error(`Redis did not answer for ${silentMs} ms`), true);
          this.leave();
          this.start(events);
        });
        this.pulse = pulse;
        const over = (connection: RedisConnection): RedisEvents => {
          const ifOurs =
            <A extends unknown[]>(tell: (...told: A) => void) =>
            (...told: A): void => {
              if (this.pulse === pulse) tell(...told);
            };
          return {
            ready: ifOurs(() => {
              ready.add(connection);
              pulse.start();
              if (ready.size === 2) events.up();
            }),
            lost: ifOurs((error: unknown) => {
              ready.delete(connection);
              // It tries again.
              pulse.start();
              events.down(error, connection === subscriber || this.config.isRelayed === true);
            }),
            fatal: ifOurs((error: unknown) => events.fatal(error)),
            message: ifOurs((kind: RedisKind, name: string, channel: string, payload: Uint8Array) => {
              const target = this.targets.get(`${kind} ${name}`);
              // What nobody wants any more may still be on its way.
              if (target !== undefined) events.message(target, this.names.topic(channel), payload);
            }),
            moved: ifOurs((kind: RedisKind, names: readonly string[]) => {
              for (const name of names) {
                const target = this.targets.get(`${kind} ${name}`);
                if (target !== undefined) events.missed(target);
              }
            }),
          };
        };
        pulse.start();
        publisher.start(over(publisher));
        subscriber.start(over(subscriber));
      },
      (error: unknown) => events.fatal(error),
    );
  }

  publish(topic: string, messages: readonly Sized[], answered: (refusal?: unknown) => void): void {
    this.publisher!.command(this.publishing(topic, messages)).then(
      () => answered(),
      (error: unknown) => answered(error ?? 'refused'),
    );
  }

  subscribe(targets: readonly (string | TopicPattern)[]): Promise<unknown> {
    const wanted = new Map<RedisKind, string[]>();
    for (const target of targets) {
      const [kind, name] = this.nameOf(target);
      if (kind === 'pattern' && this.config.isSharded)
        return Promise.reject(new InvalidArgumentError('sharded publish/subscribe has no patterns'));
      this.targets.set(`${kind} ${name}`, target);
      wanted.set(kind, [...(wanted.get(kind) ?? []), name]);
    }
    return Promise.all([...wanted].map(([kind, names]) => this.subscriber!.subscribe(kind, names)));
  }

  unsubscribe(target: string | TopicPattern): void {
    const [kind, name] = this.nameOf(target);
    // What was never asked for is not ended: to end a pattern, a client that has only shards would leave its mode of listening.
    if (this.targets.delete(`${kind} ${name}`)) this.subscriber!.unsubscribe(kind, name);
  }

  async read(topic: string, after: string | undefined): Promise<DriverPage> {
    const key = this.names.history(topic);
    const maxAge = String(Math.ceil(this.config.history!.maxAgeMs));
    const reply = await this.publisher!.command(['EVAL', READ, '1', key, after ?? '', maxAge, String(PAGE)]);
    const [gap, last, more, ...entries] = reply as [Flag, Uint8Array, Flag, ...Uint8Array[]];
    const messages = [];
    for (let i = 0; i + 1 < entries.length; i += 2)
      messages.push({ id: text(entries[i]!), payload: entries[i + 1]! });
    return { gap: isSet(gap), last: text(last), more: isSet(more), messages };
  }

  close(): void {
    this.isClosed = true;
    this.leave();
  }

  private publishing(topic: string, messages: readonly Sized[]): readonly (string | Uint8Array)[] {
    const { history, isSharded } = this.config;
    const channel = this.names.channel(topic);
    const command = isSharded ? 'SPUBLISH' : 'PUBLISH';
    if (history === undefined) return [command, channel, wrapAll(messages)];
    const { length, maxAgeMs } = history;
    const numbers = [length, Math.ceil(maxAgeMs), Math.ceil(Math.max(maxAgeMs, DAY))].map(String);
    const payloads = messages.map(({ data }) => wrap(data));
    return ['EVAL', PUBLISH, '1', this.names.history(topic), channel, command, ...numbers, ...payloads];
  }

  private leave(): void {
    this.pulse?.stop();
    this.pulse = undefined;
    this.publisher?.close();
    this.subscriber?.close();
  }

  private nameOf(target: string | TopicPattern): [RedisKind, string] {
    if (typeof target !== 'string') return ['pattern', this.names.pattern(target.pattern)];
    return [this.config.isSharded ? 'shard' : 'channel', this.names.channel(target)];
  }
}

/** A number, which a client may give as the text of it: `stringNumbers` of `ioredis`. */
type Flag = number | string | Uint8Array;

function isSet(flag: Flag): boolean {
  return String(flag) === '1';
}

function text(bytes: Uint8Array | string): string {
  return typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1');
}
