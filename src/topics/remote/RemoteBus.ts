import { BehaviorSubject, distinctUntilChanged, type Observable, type Unsubscribable } from 'rxjs';
import { BusError } from '../../core/BusError.ts';
import { bytesOf } from '../../core/Outbound.ts';
import type { Prepared } from '../../core/Prepared.ts';
import { nodeClock } from '../../transports/ws/nodeClock.ts';
import type { Bus, BusSink, BusState, HistoryPage } from '../Bus.ts';
import type { TopicPattern } from '../TopicPattern.ts';
import type { BusDriver } from './BusDriver.ts';
import { unwrap } from './envelope.ts';
import { notTaken, Publications } from './Publications.ts';
import { Subscriptions } from './Subscriptions.ts';

/** How much waits, and how long a connection is kept that nobody needs. */
export interface RemoteBusConfig {
  driver: () => BusDriver;
  hasHistory: boolean;
  maxPendingBytes?: number | undefined;
  idleMs?: number | undefined;
}

/** A bus over a server: connects when it is first needed, and ends when nobody has needed it for a while. */
export class RemoteBus implements Bus {
  readonly state: Observable<BusState>;
  readonly writable: Observable<boolean>;
  readonly read: ((topic: string, after: string | undefined) => Promise<HistoryPage>) | undefined;
  private readonly config: RemoteBusConfig;
  private readonly states = new BehaviorSubject<BusState>('idle');
  private readonly publications: Publications;
  private readonly subscriptions: Subscriptions;
  private driver: BusDriver | undefined;
  private lastError: unknown = undefined;
  /** Counts the losses: what was asked before one is not answered. */
  private losses = 0;
  private cancelIdle: (() => void) | undefined;
  private isPumpAsked = false;

  constructor(config: RemoteBusConfig) {
    this.config = config;
    this.publications = new Publications(config.maxPendingBytes ?? 8 * 2 ** 20);
    this.subscriptions = new Subscriptions(() => this.pump());
    this.state = this.states.pipe(distinctUntilChanged());
    this.writable = this.publications.writable;
    this.read = config.hasHistory ? (topic, after) => this.readFrom(topic, after) : undefined;
  }

  publish(
    topic: string,
    encode: () => Prepared<unknown>,
    failed: (error: unknown, topic: string) => void,
  ): boolean {
    const message = encode();
    // Who has given up tries again.
    if ((this.states.value === 'lost' && this.driver !== undefined) || this.states.value === 'closed') {
      failed(notTaken(topic, this.lastError), topic);
      return false;
    }
    const { asked } = this.subscriptions;
    if (!this.publications.add(topic, message.data, bytesOf(message), asked, failed)) return false;
    this.open();
    this.pumpLater();
    return true;
  }

  subscribe(target: string | TopicPattern, sink: BusSink): Unsubscribable {
    if (this.states.value === 'closed') {
      nodeClock.later(() => sink.failed(new BusError('the bus was closed')));
      return { unsubscribe: () => undefined };
    }
    this.open();
    // What was published before is not for who comes now.
    this.pump();
    const leave = this.subscriptions.add(target, sink);
    return {
      unsubscribe: () => {
        leave();
        this.rest();
      },
    };
  }

  close(): Promise<void> {
    this.end('closed', new BusError('the bus was closed'));
    return Promise.resolve();
  }

  private open(): void {
    this.cancelIdle?.();
    this.cancelIdle = undefined;
    if (this.driver !== undefined) return;
    const driver = this.config.driver();
    this.driver = driver;
    this.states.next('connecting');
    /** What a driver says that was ended is for nobody. */
    const ifOurs =
      <A extends unknown[]>(tell: (...told: A) => void) =>
      (...told: A): void => {
        if (this.driver === driver) tell(...told);
      };
    driver.start({
      up: ifOurs(() => this.up(driver)),
      down: ifOurs((error, missed) => this.down(error, missed)),
      missed: ifOurs((target) => this.subscriptions.renew(target)),
      fatal: ifOurs((error) => this.end('lost', error)),
      message: ifOurs((target, topic, payload, id) => this.message(target, topic, payload, id)),
    });
  }

  private up(driver: BusDriver): void {
    this.states.next('open');
    this.subscriptions.up(driver);
    this.publications.renew(this.subscriptions.asked);
    this.pump();
    this.rest();
  }

  private down(error: unknown, missed: boolean): void {
    this.lastError = error;
    this.losses++;
    this.states.next('lost');
    this.subscriptions.down(missed);
    this.publications.fail(error);
    this.rest();
  }

  /** Ends the connection, and all who wait for it. */
  private end(state: BusState, error: unknown): void {
    const { driver } = this;
    this.cancelIdle?.();
    this.cancelIdle = undefined;
    this.driver = undefined;
    this.lastError = error;
    this.losses++;
    this.states.next(state);
    driver?.close();
    this.publications.fail(error);
    this.subscriptions.fail(new BusError('the bus has ended', { cause: error }));
  }

  private pump(): void {
    const { driver } = this;
    if (driver === undefined || this.states.value !== 'open') return;
    this.publications.send(this.subscriptions.standing, driver, () => this.rest());
  }

  /** What is published in one turn goes together. */
  private pumpLater(): void {
    if (this.isPumpAsked) return;
    this.isPumpAsked = true;
    nodeClock.later(() => {
      this.isPumpAsked = false;
      this.pump();
    });
  }

  /** Where nobody needs the connection any more it ends in a while. */
  private rest(): void {
    if (this.driver === undefined || this.cancelIdle !== undefined) return;
    if (!this.subscriptions.isEmpty || !this.publications.isEmpty) return;
    this.cancelIdle = nodeClock.schedule(() => {
      this.cancelIdle = undefined;
      if (this.subscriptions.isEmpty && this.publications.isEmpty) this.end('idle', undefined);
    }, this.config.idleMs ?? 1_000);
  }

  private message(target: string | TopicPattern, topic: string, payload: Uint8Array, id?: string): void {
    const contents = unwrap(payload);
    if (contents === undefined) {
      this.subscriptions.each(target, (sink) => sink.foreign(topic, foreign(topic)));
      return;
    }
    for (const content of contents)
      this.subscriptions.each(target, (sink) => sink.message(topic, content.data, id ?? content.id));
  }

  private async readFrom(topic: string, after: string | undefined): Promise<HistoryPage> {
    const { driver, losses } = this;
    try {
      if (driver === undefined || this.states.value !== 'open') throw this.lastError;
      const { messages, ...page } = await driver.read(topic, after);
      const own = messages.flatMap(({ id, payload }) => {
        const content = unwrap(payload)?.[0]?.data;
        if (content !== undefined) return [{ id, content }];
        this.subscriptions.each(topic, (sink) => sink.foreign(topic, foreign(topic)));
        return [];
      });
      return { ...page, messages: own };
    } catch (cause) {
      await new Promise((later) => setImmediate(later));
      // It is asked again when the bus is back.
      if (losses !== this.losses || this.states.value !== 'open') return new Promise(() => undefined);
      throw new BusError(`the history of the topic ${JSON.stringify(topic)} was not read`, { cause });
    }
  }
}

function foreign(topic: string): BusError {
  return new BusError(
    `a payload that is not ours came on the topic ${JSON.stringify(topic)}, and was left out`,
  );
}
