import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs';
import { BusError } from '../../core/BusError.ts';
import type { Data } from '../../core/Data.ts';
import { Fifo } from '../../core/Fifo.ts';
import { OverflowError } from '../../core/OverflowError.ts';
import type { BusDriver } from './BusDriver.ts';
import type { Sized } from './envelope.ts';

interface Publication extends Sized {
  readonly topic: string;
  readonly failed: (error: unknown, topic: string) => void;
  /** The subscriptions that were asked for before it. */
  barrier: number;
}

/** What a publication costs beside its payload, roughly. */
const OVERHEAD = 128;
/** What follows each other on one topic goes together, up to so many bytes. */
const BATCH_BYTES = 65_536;

/** What was published and is not at the server yet: at most `maxBytes`, in order, each told at most once that it failed. */
export class Publications {
  readonly writable: Observable<boolean>;
  private readonly maxBytes: number;
  private readonly isWritable = new BehaviorSubject(true);
  private readonly waiting = new Fifo<Publication>();
  private readonly inFlight = new Set<readonly Publication[]>();
  private bytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
    this.writable = this.isWritable.pipe(distinctUntilChanged());
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0 && this.inFlight.size === 0;
  }

  /** Behind the subscription number `barrier`. False: not taken, which `failed` is told. */
  add(
    topic: string,
    data: Data,
    size: number,
    barrier: number,
    failed: (error: unknown, topic: string) => void,
  ): boolean {
    const bytes = size + OVERHEAD;
    if (this.bytes > 0 && this.bytes + bytes > this.maxBytes) {
      failed(
        new OverflowError(
          `${this.bytes} bytes wait for the bus: a message of the topic ${JSON.stringify(topic)} was not published; pace by writable`,
        ),
        topic,
      );
      return false;
    }
    this.count(bytes);
    this.waiting.push({ topic, data, size, failed, barrier });
    return true;
  }

  /** Sends what is behind no subscription that does not stand yet; `settled` is called when some of it is over. */
  send(standing: number, driver: Pick<BusDriver, 'publish' | 'maxBatchBytes'>, settled: () => void): void {
    const maxBytes = Math.min(BATCH_BYTES, driver.maxBatchBytes);
    const next = (): [Publication, ...Publication[]] | undefined => this.next(standing, maxBytes);
    for (let batch = next(); batch !== undefined; batch = next()) {
      const sent = batch;
      this.inFlight.add(sent);
      const over = (error?: unknown): void => this.over(sent, settled, error);
      try {
        driver.publish(sent[0].topic, sent, over);
      } catch (error) {
        over(error ?? 'refused');
      }
    }
  }

  /** All that waits is behind the subscription number `barrier` from now on. */
  renew(barrier: number): void {
    for (let i = 0; i < this.waiting.length; i++) this.waiting.at(i)!.barrier = barrier;
  }

  /** The bus is lost: what waits, and what is on its way, may not have come there. */
  fail(error: unknown): void {
    const all = [...this.inFlight];
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) all.push([next]);
    this.inFlight.clear();
    this.count(-this.bytes);
    for (const batch of all) for (const { topic, failed } of batch) failed(notPublished(topic, error), topic);
  }

  /** What is next, with what follows on its topic and may go with it. */
  private next(standing: number, maxBytes: number): [Publication, ...Publication[]] | undefined {
    const first = this.waiting.at(0);
    if (first === undefined || first.barrier > standing) return undefined;
    this.waiting.shift();
    const batch: [Publication, ...Publication[]] = [first];
    let bytes = first.size + OVERHEAD;
    for (let next = this.waiting.at(0); next !== undefined; next = this.waiting.at(0)) {
      bytes += next.size + OVERHEAD;
      if (next.topic !== first.topic || next.barrier > standing || bytes > maxBytes) break;
      this.waiting.shift();
      batch.push(next);
    }
    return batch;
  }

  private over(batch: readonly Publication[], settled: () => void, error: unknown): void {
    // Lost meanwhile: they were told.
    if (!this.inFlight.delete(batch)) return;
    let bytes = 0;
    for (const { size } of batch) bytes += size + OVERHEAD;
    this.count(-bytes);
    if (error !== undefined) for (const { topic, failed } of batch) failed(notPublished(topic, error), topic);
    settled();
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.maxBytes / 2) this.isWritable.next(false);
    else if (this.bytes <= this.maxBytes / 4) this.isWritable.next(true);
  }
}

/** What failed on its way. */
export function notPublished(topic: string, cause: unknown): BusError {
  return new BusError(
    `a message of the topic ${JSON.stringify(topic)} was not published, as far as is known`,
    { cause },
  );
}

/** What did not begin its way. */
export function notTaken(topic: string, cause: unknown): BusError {
  return new BusError(
    `a message of the topic ${JSON.stringify(topic)} was not taken: the bus is not there; see state`,
    { cause },
  );
}
