import type { RedisConnection, RedisEvents, RedisKind } from '../../../src/topics/redis/RedisConnection.ts';

/** A connection that a spec moves: `answers` says what a command gets; what is not said gets `OK`. */
export class FakeConnection implements RedisConnection {
  events!: RedisEvents;
  readonly log: string[] = [];
  answers: Record<string, unknown> = {};

  start(events: RedisEvents): void {
    this.events = events;
  }

  command(args: readonly (string | Uint8Array)[]): Promise<unknown> {
    return this.answer(args.join(' '));
  }

  subscribe(kind: RedisKind, names: readonly string[]): Promise<unknown> {
    return this.answer(`+${kind} ${names.join()}`);
  }

  unsubscribe(kind: RedisKind, name: string): void {
    this.log.push(`-${kind} ${name}`);
  }

  close(): void {
    this.log.push('close');
  }

  private async answer(asked: string): Promise<unknown> {
    this.log.push(asked);
    const answer = this.answers[asked] ?? 'OK';
    if (answer instanceof Error) throw answer;
    return answer;
  }
}
