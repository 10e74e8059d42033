import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs';
import { BusError } from '../../core/BusError.ts';
import type { Data } from '../../core/Data.ts';
import { Fifo } from '../../core/Fifo.ts';
import { OverflowError } from '../../core/OverflowError.ts';
import { wrap } from './envelope.ts';

interface Publication {
  readonly topic: string;
  readonly payload: string | Uint8Array;
  readonly bytes: number;
  readonly failed: (error: unknown) => void;
  /** The subscriptions that were asked for before it. */
  barrier: number;
  isOver: boolean;
}

/** What a publication costs beside its payload, roughly. */
const OVERHEAD = 128;

/** What was published and is not at the server yet: at most `maxBytes`, in order, each told at most once that it failed. */
export class Publications {
  readonly writable: Observable<boolean>;
  private readonly maxBytes: number;
  private readonly isWritable = new BehaviorSubject(true);
  private readonly waiting = new Fifo<Publication>();
  private readonly inFlight = new Set<Publication>();
  private bytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
    this.writable = this.isWritable.pipe(distinctUntilChanged());
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0 && this.inFlight.size === 0;
  }

  /** Behind the subscription number `barrier`. False: not taken, which `failed` is told. */
  add(topic: string, data: Data, size: number, barrier: number, failed: (error: unknown) => void): boolean {
    const bytes = size + OVERHEAD;
    if (this.bytes > 0 && this.bytes + bytes > this.maxBytes) {
      failed(
        new OverflowError(
          `${this.bytes} bytes wait for the bus: a message of the topic ${JSON.stringify(topic)} was not published; pace by writable`,
        ),
      );
      return false;
    }
    this.count(bytes);
    this.waiting.push({ topic, payload: wrap(data), bytes, failed, barrier, isOver: false });
    return true;
  }

  /** Sends what is behind no subscription that does not stand yet; `settled` is called when one is over. */
  send(
    standing: number,
    publish: (topic: string, payload: string | Uint8Array) => Promise<unknown>,
    settled: () => void,
  ): void {
    for (let next = this.waiting.at(0); next !== undefined; next = this.waiting.at(0)) {
      if (next.barrier > standing) return;
      this.waiting.shift();
      const publication = next;
      this.inFlight.add(publication);
      const over = (error?: unknown): void => {
        if (publication.isOver) return;
        this.end(publication);
        if (error !== undefined) publication.failed(notPublished(publication.topic, error));
        settled();
      };
      try {
        publish(publication.topic, publication.payload).then(
          () => over(),
          (error: unknown) => over(error ?? 'refused'),
        );
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
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) all.push(next);
    for (const publication of all) this.end(publication);
    for (const { topic, failed } of all) failed(notPublished(topic, error));
  }

  private end(publication: Publication): void {
    publication.isOver = true;
    this.inFlight.delete(publication);
    this.count(-publication.bytes);
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.maxBytes / 2) this.isWritable.next(false);
    else if (this.bytes <= this.maxBytes / 4) this.isWritable.next(true);
  }
}

/** Says so to who published. */
export function notPublished(topic: string, cause: unknown): BusError {
  return new BusError(
    `a message of the topic ${JSON.stringify(topic)} was not published, as far as is known`,
    { cause },
  );
}
