import { beforeEach, describe, expect, it } from '@jest/globals';
import { concatWith, NEVER, of } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { handle } from '../../src/server/handle.ts';
import { Drain } from '../../src/server/Drain.ts';
import { memoryConnection } from './memoryConnection.ts';

let scheduler: TestScheduler;
beforeEach(() => {
  scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
});

describe('Drain', () => {
  it('starts and ends at once where nothing is open', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const drain = new Drain();
      cold('--a-a').subscribe(() => drain.start());
      expectObservable(drain.started).toBe('--a', { a: undefined });
      expectObservable(drain.ended).toBe('--a', { a: undefined });
    });
  });

  it('does not end before it starts, though all have ended', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const drain = new Drain();
      const { connection } = memoryConnection(scheduler, cold('-|'));
      drain.add(connection);
      cold('----a').subscribe(() => drain.start());
      expectObservable(connection.closed).toBe('-(c|)', { c: expect.anything() });
      expectObservable(drain.ended).toBe('----a', { a: undefined });
    });
  });

  it('closes what nobody answers with 1001', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const drain = new Drain();
      const { connection, sent } = memoryConnection(scheduler, NEVER);
      drain.add(connection);
      cold('--a').subscribe(() => drain.start());
      expectObservable(sent).toBe('--(c|)', { c: '1001' });
      expectObservable(drain.ended).toBe('--a', { a: undefined });
    });
  });

  it('lets those finish that someone answers, and waits for the last one', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const drain = new Drain();
      const one = memoryConnection(scheduler, cold('a-b-c-d'));
      const other = memoryConnection(scheduler, NEVER);
      for (const { connection } of [one, other]) drain.add(connection);
      of(one.connection, other.connection)
        .pipe(handle(({ text }) => text.pipe(concatWith(cold('---z|')))))
        .subscribe();
      cold('---a').subscribe(() => drain.start());
      expectObservable(one.sent).toBe('  a-b---z(c|)', { a: 'a', b: 'b', z: 'z', c: '1001' });
      expectObservable(other.sent).toBe('------z(c|)', { z: 'z', c: '1001' });
      expectObservable(drain.ended).toBe('-------a', { a: undefined });
    });
  });

  it('tells those who ask late', () => {
    scheduler.run(({ expectObservable }) => {
      const drain = new Drain();
      drain.start();
      expectObservable(drain.started).toBe('a', { a: undefined });
      expectObservable(drain.ended).toBe('a', { a: undefined });
    });
  });
});
