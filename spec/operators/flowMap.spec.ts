import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { delay, map, of, Subject, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { Holds } from '../../src/connection/Holds.ts';
import { flowMap } from '../../src/operators/flowMap.ts';
import { memoryConnection } from '../server/memoryConnection.ts';

let scheduler: TestScheduler;
beforeEach(() => {
  scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
});

/** A valve, which holds nothing back: what still arrives after a hold is all of it. */
const valve = () => new Holds(() => {});
const after3 = (x: string) => of(x).pipe(delay(3));

describe('flowMap', () => {
  it('never', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<string>('-');
      expectObservable(source.pipe(flowMap(valve(), after3))).toBe('-');
      expectSubscriptions(source.subscriptions).toBe('^');
    });
  });

  it('empty', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<string>(' --|');
      expectObservable(source.pipe(flowMap(valve(), after3))).toBe('--|');
      expectSubscriptions(source.subscriptions).toBe('^-!');
    });
  });

  it('one', () => {
    scheduler.run(({ cold, expectObservable }) => {
      expectObservable(cold('-a|').pipe(flowMap(valve(), after3))).toBe('----(a|)');
    });
  });

  it('many: one at a time, in order, and holds while some wait', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const source = valve();
      expectObservable(source.reading).toBe('                       tf----t', { t: true, f: false });
      expectObservable(cold('abc|').pipe(flowMap(source, after3))).toBe('---a--b--(c|)');
    });
  });

  it('many: some at a time, as mergeMap', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const source = valve();
      const values = cold('                            abcd|');
      expectObservable(source.reading).toBe('                                 t-f-t', { t: true, f: false });
      expectObservable(values.pipe(flowMap(source, after3, { concurrency: 2 }))).toBe('---ab-c(d|)');
    });
  });

  it('lets maxWaiting values wait before it holds, and reads on when there is room again', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const { connection } = memoryConnection(scheduler, hot('abc------|'));
      const result = connection.text.pipe(flowMap(connection, after3, { maxWaiting: 1 }));
      expectObservable(connection.reading).toBe('             t-f---t--|', { t: true, f: false });
      expectObservable(result).toBe('                         ---a--b--(c|)');
    });
  });

  it('holds a connection, so that what the project has no time for stays there', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const { connection } = memoryConnection(scheduler, hot('(abcdef)-|'));
      let begun = 0;
      const result = connection.text.pipe(
        flowMap(connection, (x) => {
          begun++;
          return timer(10).pipe(map(() => x));
        }),
      );
      expectObservable(result).toBe('10ms a 9ms b 9ms c 9ms d 9ms e 9ms (f|)');
      scheduler.schedule(() => expect(begun).toBe(2), 15);
    });
  });

  it('passes the error of the source on, and releases', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const source = valve();
      expectObservable(source.reading).toBe('                       tf-t', { t: true, f: false });
      expectObservable(cold('ab-#').pipe(flowMap(source, after3))).toBe('---#');
    });
  });

  it('passes the error of an inner Observable on, and releases', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = valve();
      const values = cold('abc---');
      const inner = cold(' --x#');
      expectObservable(source.reading).toBe('                          tf-t', { t: true, f: false });
      expectObservable(values.pipe(flowMap(source, () => inner))).toBe('--x#');
      expectSubscriptions(values.subscriptions).toBe('                  ^--!');
    });
  });

  it('passes what the project throws on, and releases', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = valve();
      const values = cold('ab----');
      const project = (x: string) => {
        if (x === 'b') throw 'error';
        return after3(x);
      };
      expectObservable(source.reading).toBe('                      tf-(t)', { t: true, f: false });
      expectObservable(values.pipe(flowMap(source, project))).toBe('---(a#)');
      expectSubscriptions(values.subscriptions).toBe('              ^--!');
    });
  });

  it('unsubscribes what runs, and releases, when it is unsubscribed early', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = valve();
      const inner = cold('-----x|');
      const values = cold('        ab---');
      const unsub = '              --!';
      expectObservable(source.reading).toBe('tft', { t: true, f: false });
      expectObservable(values.pipe(flowMap(source, () => inner)), unsub).toBe('-');
      expectSubscriptions(values.subscriptions).toBe('^-!');
      expectSubscriptions(inner.subscriptions).toBe('^-!');
    });
  });

  it('keeps the order where the result sends new values into the source', () => {
    const values = new Subject<number>();
    const source = valve();
    const seen: number[] = [];
    values.pipe(flowMap(source, (n) => of(n))).subscribe((n) => {
      seen.push(n);
      if (n < 5) values.next(n + 1);
    });
    values.next(1);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(source.isHeld).toBe(false);
  });

  it('pauses and resumes what is no valve', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const pausable = { pause: jest.fn(), resume: jest.fn() };
      expectObservable(cold('ab|').pipe(flowMap(pausable, after3))).toBe('---a--(b|)');
      scheduler.schedule(() => {
        expect(pausable.pause).toHaveBeenCalledTimes(1);
        expect(pausable.resume).toHaveBeenCalledTimes(1);
      }, 9);
    });
  });
});
