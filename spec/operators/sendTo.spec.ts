import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { catchError, EMPTY, NEVER, type Observable, of, Subject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { Holds } from '../../src/connection/Holds.ts';
import type { Sendable } from '../../src/core/Data.ts';
import { sendTo } from '../../src/operators/sendTo.ts';
import { memoryConnection } from '../server/memoryConnection.ts';

let scheduler: TestScheduler;
beforeEach(() => {
  scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
});

/** A connection whose peer reads (`t`) and stops to read (`f`) as `writable` draws it. */
function target(writable: Observable<string> = NEVER, incoming: Observable<string> = NEVER, config = {}) {
  const memory = memoryConnection(scheduler, incoming, config);
  writable.subscribe((x) => (x === 't' ? memory.transport.peer.start() : memory.transport.peer.stop(0)));
  return memory;
}

describe('sendTo', () => {
  it('never', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<string>('-');
      expectObservable(source.pipe(sendTo(target().connection))).toBe('-');
      expectSubscriptions(source.subscriptions).toBe('^');
    });
  });

  it('empty', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<string>('--|');
      expectObservable(source.pipe(sendTo(target().connection))).toBe('--|');
      expectSubscriptions(source.subscriptions).toBe('^-!');
    });
  });

  it('one, and many: sends them, and emits nothing', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const { connection, sent } = target();
      expectObservable(sent).toBe('                                     -a-bc');
      expectObservable(cold('-a-bc|').pipe(sendTo(connection))).toBe('  -----|');
    });
  });

  it('passes the error of the source on; the connection lives', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const { connection, sent } = target();
      expectObservable(sent).toBe('                                   -a');
      expectObservable(cold('-a-#').pipe(sendTo(connection))).toBe('  ---#');
      scheduler.schedule(() => expect(connection.state).toBe('open'), 9);
    });
  });

  it('stops when it is unsubscribed early', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const { connection, sent } = target();
      const source = cold('-a-b');
      const unsub = '      --!';
      expectObservable(sent).toBe('-a');
      expectObservable(source.pipe(sendTo(connection)), unsub).toBe('-');
      expectSubscriptions(source.subscriptions).toBe('^-!');
    });
  });

  it('keeps the order where sending makes the source emit', () => {
    scheduler.run(({ expectObservable }) => {
      const { connection, sent } = target();
      const source = new Subject<string>();
      source.pipe(sendTo(connection)).subscribe();
      source.subscribe((x) => x === 'a' && source.next('b'));
      scheduler.schedule(() => source.next('a'), 1);
      expectObservable(sent).toBe('-(ab)');
    });
  });

  it('completes when the target is closed', () => {
    scheduler.run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const { connection } = target(NEVER, hot('---|'));
      const source = cold('-a-b-c');
      expectObservable(source.pipe(sendTo(connection))).toBe('---|');
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });

  it('errors when the target is lost', () => {
    scheduler.run(({ cold, hot, expectObservable }) => {
      const { connection } = target(NEVER, hot('---#'));
      const seen = jest.fn();
      cold('-a-b-c').pipe(sendTo(connection)).subscribe({ error: seen });
      scheduler.schedule(
        () => expect(seen).toHaveBeenCalledWith(expect.objectContaining({ code: 'CONNECTION_CLOSED' })),
        9,
      );
      expectObservable(of(0)).toBe('(x|)', { x: 0 });
    });
  });

  const report = (count: number, bytes = count) => ({ count, bytes });

  it('latest: of what waits, the newest', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const { connection, sent } = target(hot('t-f--t'));
      hot('                                    -a-b-c-d')
        .pipe(sendTo(connection, { overflow: 'latest' }))
        .subscribe();
      expectObservable(sent).toBe('            -a---c-d');
      expectObservable(connection.dropped).toBe('-----x', { x: report(1) });
    });
  });

  it('conflateBy: of what waits, the newest for each key, in the place of the older one', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const { connection, sent } = target(hot('f-----t'));
      const overflow = { conflateBy: (message: Sendable) => (message as string)[0] };
      const values = { a: 'a1', b: 'b1', A: 'a2', B: 'b2', c: 'c1' };
      hot('                                    -abABc', values)
        .pipe(sendTo(connection, { overflow }))
        .subscribe();
      expectObservable(sent).toBe('            ------(ABc)', values);
      expectObservable(connection.dropped).toBe('---xx', { x: report(1, 2) });
    });
  });

  it('dropOldest, dropNewest: past the bound', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const oldest = target(hot('  f-----t'), NEVER, { maxQueuedMessages: 2 });
      const newest = target(hot('  f-----t'), NEVER, { maxQueuedMessages: 2 });
      const source = hot('         -abcd');
      source.pipe(sendTo(oldest.connection, { overflow: 'dropOldest' })).subscribe();
      source.pipe(sendTo(newest.connection, { overflow: 'dropNewest' })).subscribe();
      expectObservable(oldest.sent).toBe('              ------(cd)');
      expectObservable(newest.sent).toBe('              ------(ab)');
      expectObservable(oldest.connection.dropped).toBe('---xx', { x: report(1) });
      expectObservable(newest.connection.dropped).toBe('---xx', { x: report(1) });
    });
  });

  it('error: past the bound its stream errors, what was taken is sent, and the connection lives', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const { connection, sent } = target(hot('f-----t'), NEVER, { maxQueuedBytes: 2 });
      const seen: unknown[] = [];
      hot('                                    -abcd')
        .pipe(sendTo(connection, { overflow: 'error' }))
        .subscribe({ error: ({ code }) => seen.push(code) });
      expectObservable(sent).toBe('            ------(ab)');
      scheduler.schedule(() => expect([...seen, connection.state]).toEqual(['OVERFLOW', 'open']), 9);
    });
  });

  it('close: past the bound the connection is closed with 1013', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const { connection } = target(hot('f'), NEVER, { maxQueuedBytes: 2 });
      hot('                                    -abcd')
        .pipe(sendTo(connection))
        .subscribe({ error: () => {} });
      const closes: unknown[] = [];
      connection.closed.subscribe(({ code, by, wasClean }) => closes.push(code, by, wasClean));
      expectObservable(connection.dropped).toBe('---(x|)', { x: report(3) });
      scheduler.schedule(() => expect(closes).toEqual([1013, 'local', false]), 2000);
    });
  });

  it('gives each source a policy of its own, and all of them one order', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const { connection, sent } = target(hot('f------t'));
      const dropped = jest.fn();
      hot('                                    -1-2-3')
        .pipe(sendTo(connection, { overflow: 'latest', dropped }))
        .subscribe();
      hot('                                    --a-b-c').pipe(sendTo(connection)).subscribe();
      expectObservable(sent).toBe('            -------(3abc)');
      scheduler.schedule(() => expect(dropped.mock.calls).toEqual([[report(1)], [report(1)]]), 9);
    });
  });

  it('holds where the messages come from while the target is full', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const { connection } = target(hot('t-f---t'), NEVER, { highWaterBytes: 4, lowWaterBytes: 1 });
      const source = new Holds(() => {});
      expectObservable(source.reading).toBe('t--f--t', { t: true, f: false });
      expectObservable(hot('             -a-b').pipe(sendTo(connection, { holds: source }))).toBe('-');
    });
  });

  it('releases when the target ends, and when it is unsubscribed', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const ends = target(hot(' f----'), hot('--#'));
      const stays = target(hot('f----'));
      const [one, two] = [new Holds(() => {}), new Holds(() => {})];
      expectObservable(one.reading).toBe('tft', { t: true, f: false });
      expectObservable(two.reading).toBe('tf-t', { t: true, f: false });
      const lost = hot('-a').pipe(
        sendTo(ends.connection, { holds: one }),
        catchError(() => EMPTY),
      );
      expectObservable(lost).toBe('--|');
      expectObservable(hot('-a').pipe(sendTo(stays.connection, { holds: two })), '^--!').toBe('-');
    });
  });

  it('pulls an iterable no faster than the peer reads, and returns it when the target ends', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const { connection } = target(hot('f----'), hot('-----#'), { highWaterBytes: 4 });
      let pulled = 0;
      const returned = jest.fn();
      function* endless() {
        try {
          for (;;) {
            pulled++;
            yield 'ab';
          }
        } finally {
          returned();
        }
      }
      const lost = sendTo(connection)(endless()).pipe(catchError(() => EMPTY));
      expectObservable(lost, '-^').toBe('-----|');
      scheduler.schedule(() => expect([pulled, returned.mock.calls.length]).toEqual([2, 0]), 4);
      scheduler.schedule(() => expect(returned).toHaveBeenCalledTimes(1), 9);
    });
  });
});
