import { BusError } from '../../core/BusError.ts';
import { nodeClock } from '../../transports/ws/nodeClock.ts';
import type { BusSink } from '../Bus.ts';
import { keyOf } from '../keyOf.ts';
import type { TopicPattern } from '../TopicPattern.ts';
import type { BusDriver } from './BusDriver.ts';

interface Entry {
  readonly target: string | TopicPattern;
  /** Replaced, never changed. */
  sinks: readonly BusSink[];
  isStanding: boolean;
  /** When it stopped to stand; undefined where it never stood. */
  lostAt: number | undefined;
}

/** So many are renewed by one command. */
const BATCH = 500;

/** What is subscribed to at the server: each target once, however many want it, and again when the connection is back. */
export class Subscriptions {
  /** So many were asked for, and the first so many of these stand, or will not. */
  asked = 0;
  standing = 0;
  /** The numbers of others that stand already, or will not. */
  private readonly ahead = new Set<number>();
  private readonly settled: () => void;
  private readonly entries = new Map<string, Entry>();
  /** Told of who leaves also while it is lost: a client may renew what it has by itself. */
  private driver: BusDriver | undefined;
  private isUp = false;
  private losses = 0;

  constructor(settled: () => void) {
    this.settled = settled;
  }

  get isEmpty(): boolean {
    return this.entries.size === 0;
  }

  /** The result takes it out. */
  add(target: string | TopicPattern, sink: BusSink): () => void {
    const key = keyOf(target);
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = { target, sinks: [sink], isStanding: false, lostAt: undefined };
      this.entries.set(key, entry);
      if (this.isUp) this.stand(this.driver!, [entry]);
    } else {
      entry.sinks = [...entry.sinks, sink];
      if (entry.isStanding) this.tellStanding(entry, sink);
    }
    const added = entry;
    return () => {
      const isThere = added.sinks.includes(sink);
      added.sinks = added.sinks.filter((other) => other !== sink);
      if (!isThere || added.sinks.length > 0 || this.entries.get(key) !== added) return;
      this.entries.delete(key);
      this.driver?.unsubscribe(target);
    };
  }

  each(target: string | TopicPattern, tell: (sink: BusSink) => void): void {
    const entry = this.entries.get(keyOf(target));
    // What comes before it stands again is missed like what came before: `ready` tells how long that was.
    if (entry?.lostAt === undefined) entry?.sinks.forEach(tell);
  }

  /** The connection is there: what does not stand is asked for. */
  up(driver: BusDriver): void {
    this.driver = driver;
    this.isUp = true;
    const fallen: Entry[] = [];
    for (const entry of this.entries.values())
      if (entry.isStanding) for (const sink of entry.sinks) this.tellStanding(entry, sink);
      else fallen.push(entry);
    for (let i = 0; i < fallen.length; i += BATCH) this.stand(driver, fallen.slice(i, i + BATCH));
  }

  down(missed: boolean): void {
    this.isUp = false;
    this.losses++;
    this.standing = this.asked;
    this.ahead.clear();
    if (!missed) return;
    for (const entry of this.entries.values()) fall(entry);
  }

  /** The server has ended this one. */
  renew(target: string | TopicPattern): void {
    const entry = this.entries.get(keyOf(target));
    // One that is being asked for stands then.
    if (entry === undefined || !fall(entry)) return;
    if (this.isUp) this.stand(this.driver!, [entry]);
  }

  /** They will not stand any more. */
  fail(error: unknown): void {
    this.down(false);
    this.driver = undefined;
    const all = [...this.entries.values()];
    this.entries.clear();
    for (const { sinks } of all) for (const sink of sinks) sink.failed(error);
  }

  private stand(driver: BusDriver, entries: readonly Entry[], settle: () => void = this.numbered()): void {
    const { losses } = this;
    const over = (tell: () => void): void => {
      // Lost meanwhile: it is asked for again.
      if (losses !== this.losses) return;
      tell();
      this.settled();
    };
    driver.subscribe(entries.map(({ target }) => target)).then(
      () =>
        over(() => {
          settle();
          for (const entry of entries) this.stood(entry);
        }),
      (error: unknown) => {
        // The loss is told before what it leaves behind is judged.
        setImmediate(() => over(() => this.refused(driver, entries, error, settle)));
      },
    );
  }

  /** The next number. The result is called when it stands, or will not. */
  private numbered(): () => void {
    const number = ++this.asked;
    return () => {
      this.ahead.add(number);
      while (this.ahead.delete(this.standing + 1)) this.standing++;
    };
  }

  private stood(entry: Entry): void {
    // Also who has left and come again has one that stands.
    if (this.entries.get(keyOf(entry.target)) !== entry) return;
    const awayMs = entry.lostAt === undefined ? undefined : nodeClock.now() - entry.lostAt;
    entry.isStanding = true;
    entry.lostAt = undefined;
    for (const sink of entry.sinks) sink.ready(awayMs);
  }

  private refused(driver: BusDriver, entries: readonly Entry[], cause: unknown, settle: () => void): void {
    if (entries.length > 1) {
      // One of them is, perhaps.
      let left = entries.length;
      const part = (): void => {
        if (--left === 0) settle();
      };
      for (const entry of entries) this.stand(driver, [entry], part);
      return;
    }
    settle();
    const [entry] = entries;
    if (entry === undefined || this.entries.get(keyOf(entry.target)) !== entry) return;
    this.entries.delete(keyOf(entry.target));
    driver.unsubscribe(entry.target);
    const error = new BusError(`the bus refuses the subscription ${JSON.stringify(entry.target)}`, { cause });
    for (const sink of entry.sinks) sink.failed(error);
  }

  private tellStanding(entry: Entry, sink: BusSink): void {
    nodeClock.later(() => {
      if (entry.isStanding && entry.sinks.includes(sink)) sink.ready(undefined);
    });
  }
}

/** False where it did not stand. */
function fall(entry: Entry): boolean {
  if (!entry.isStanding) return false;
  entry.isStanding = false;
  entry.lostAt = nodeClock.now();
  for (const sink of entry.sinks) sink.lost();
  return true;
}
