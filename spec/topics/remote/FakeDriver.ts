import { setImmediate as turn } from 'node:timers/promises';
import { Subject, firstValueFrom } from 'rxjs';
import { keyOf } from '../../../src/topics/keyOf.ts';
import type { BusDriver, DriverEvents, DriverPage } from '../../../src/topics/remote/BusDriver.ts';
import type { Sized } from '../../../src/topics/remote/envelope.ts';
import type { TopicPattern } from '../../../src/topics/TopicPattern.ts';

/** A driver that a spec moves: what it is asked stays open until it is answered. */
export class FakeDriver implements BusDriver {
  readonly log: string[] = [];
  events!: DriverEvents;
  maxBatchBytes = 0;
  private readonly open: Subject<unknown>[] = [];

  start(events: DriverEvents): void {
    this.log.push('start');
    this.events = events;
  }

  publish(topic: string, messages: readonly Sized[], answered: (refusal?: unknown) => void): void {
    this.ask(`publish ${topic} ${messages.map(({ data }) => data).join(' ')}`).then(
      () => answered(),
      answered,
    );
  }

  subscribe(targets: readonly (string | TopicPattern)[]): Promise<unknown> {
    return this.ask(`+${targets.map(keyOf).join()}`);
  }

  unsubscribe(target: string | TopicPattern): void {
    this.log.push(`-${keyOf(target)}`);
  }

  read(topic: string, after: string | undefined): Promise<DriverPage> {
    return this.ask(`read ${topic} ${after}`) as Promise<DriverPage>;
  }

  close(): void {
    this.log.push('close');
  }

  /** The log since the last look. */
  look(): string[] {
    return this.log.splice(0);
  }

  /** Answers what was asked first. */
  async answer(value: unknown = undefined): Promise<void> {
    this.open.shift()!.next(value);
    await turn();
  }

  /** Refuses what was asked first, or behind so many others. */
  async refuse(error: unknown, behind = 0): Promise<void> {
    this.open.splice(behind, 1)[0]!.error(error);
    await turn();
    await turn();
  }

  private ask(what: string): Promise<unknown> {
    this.log.push(what);
    const answer = new Subject<unknown>();
    this.open.push(answer);
    return firstValueFrom(answer);
  }
}
