import { describe, expect, it } from '@jest/globals';
import { Subject } from 'rxjs';
import type { Dropped } from '../../src/core/Dropped.ts';
import { sendTo } from '../../src/operators/sendTo.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';

const coded = (code: string): unknown => expect.objectContaining({ code });
const report = (count: number, bytes = count): Dropped => ({ count, bytes });

describe('sendTo', () => {
  it('never', () =>
    runMarbles(({ connection, cold, expectObservable, expectSubscriptions }) => {
      const source = cold<string>('                           -');
      expectObservable(source.pipe(sendTo(connection('')))).toBe('-');
      expectSubscriptions(source.subscriptions).toBe('        ^');
    }));

  it('empty', () =>
    runMarbles(({ connection, cold, expectSent, expectObservable, expectSubscriptions }) => {
      const c = connection('');
      const source = cold<string>('                   --|');
      expectObservable(source.pipe(sendTo(c))).toBe(' --|');
      expectSubscriptions(source.subscriptions).toBe('^-!');
      expectSent(c).toBe('');
    }));

  it('one, and many: sends them, and emits nothing', () =>
    runMarbles(({ connection, cold, expectSent, expectObservable }) => {
      const [one, many] = [connection(''), connection('')];
      expectObservable(cold('-a|').pipe(sendTo(one))).toBe('    --|');
      expectSent(one).toBe('                                    -a');
      expectObservable(cold('-a-bc|').pipe(sendTo(many))).toBe('-----|');
      expectSent(many).toBe('                                   -a-bc');
    }));

  it('passes the error of the source on; the connection lives', () =>
    runMarbles(({ connection, cold, expectSent, expectClosed, expectObservable }) => {
      const c = connection('');
      expectObservable(cold('-a-#').pipe(sendTo(c))).toBe('---#');
      expectSent(c).toBe('                                 -a');
      expectClosed(c).toBe('');
    }));

  it('stops when it is unsubscribed early', () =>
    runMarbles(({ connection, cold, expectSent, expectObservable, expectSubscriptions }) => {
      const c = connection('');
      const source = cold('                                 -a-b');
      const unsub = '                                       --!';
      expectObservable(source.pipe(sendTo(c)), unsub).toBe('-');
      expectSubscriptions(source.subscriptions).toBe('      ^-!');
      expectSent(c).toBe('                                  -a');
    }));

  it('keeps the order where sending makes the source emit', () =>
    runMarbles(({ connection, hot, expectSent }) => {
      const c = connection('');
      const source = new Subject<string>();
      source.pipe(sendTo(c)).subscribe();
      source.subscribe((x) => x === 'a' && source.next('b'));
      hot('               -a').subscribe(source);
      expectSent(c).toBe('-(ab)');
    }));

  it('completes when the target is closed', () =>
    runMarbles(({ connection, cold, expectSent, expectObservable, expectSubscriptions }) => {
      const c = connection('                         ---|');
      const source = cold('                          -a-b-c');
      expectObservable(source.pipe(sendTo(c))).toBe('---|');
      expectSubscriptions(source.subscriptions).toBe('^--!');
      // Before the peer's close, in the same frame.
      expectSent(c).toBe('                           -a-b');
    }));

  it('errors when the target is lost', () =>
    runMarbles(({ connection, cold, expectObservable, expectSubscriptions }) => {
      const c = connection('                         ---#');
      const source = cold('                          -a-b-c');
      expectObservable(source.pipe(sendTo(c))).toBe('---#', {}, coded('CONNECTION_CLOSED'));
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }));

  it('latest: of what waits, the newest', () =>
    runMarbles(({ connection, hot, expectSent, expectDropped, expectObservable }) => {
      const c = connection('', {}, { writable: '    t-f--t' });
      const sink = sendTo<string>(c, { overflow: 'latest' });
      expectObservable(hot('-a-b-c-d').pipe(sink)).toBe('--------');
      expectSent(c).toBe('  -a---c-d');
      expectDropped(c).toBe('-----x', { x: report(1) });
    }));

  it('conflateBy: of what waits, the newest for each key, in the place of the older one', () =>
    runMarbles(({ connection, hot, expectSent, expectDropped, expectObservable }) => {
      const values = { a: 'a1', b: 'b1', A: 'a2', B: 'b2', c: 'c1' };
      const c = connection('', {}, { writable: '            f-----t' });
      const sink = sendTo<string>(c, { overflow: { conflateBy: ([key]) => key } });
      expectObservable(hot('-abABc', values).pipe(sink)).toBe('------');
      expectSent(c).toBe('  ------(ABc)', values);
      expectDropped(c).toBe('---xx', { x: report(1, 2) });
    }));

  it('dropOldest, dropNewest: past the bound', () =>
    runMarbles(({ connection, hot, expectSent, expectDropped }) => {
      const slow = { writable: 'f-----t', maxQueuedMessages: 2 };
      const source = hot('      -abcd');
      const [oldest, newest] = [connection('', {}, slow), connection('', {}, slow)];
      source.pipe(sendTo(oldest, { overflow: 'dropOldest' })).subscribe();
      source.pipe(sendTo(newest, { overflow: 'dropNewest' })).subscribe();
      expectSent(oldest).toBe('   ------(cd)');
      expectSent(newest).toBe('   ------(ab)');
      expectDropped(oldest).toBe('---xx', { x: report(1) });
      expectDropped(newest).toBe('---xx', { x: report(1) });
    }));

  it('error: past the bound its stream errors, what was taken is sent, and the connection lives', () =>
    runMarbles(({ connection, hot, expectSent, expectClosed, expectObservable }) => {
      const c = connection('', {}, { writable: '            f-----t', maxQueuedBytes: 2 });
      const sink = sendTo<string>(c, { overflow: 'error' });
      expectObservable(hot('-abcd').pipe(sink)).toBe('      ---#', {}, coded('OVERFLOW'));
      expectSent(c).toBe('                                  ------(ab)');
      expectClosed(c).toBe('');
    }));

  it('close: past the bound the connection is closed with 1013', () =>
    runMarbles(({ connection, hot, expectSent, expectClosed, expectObservable }) => {
      const c = connection('', {}, { writable: '            f', maxQueuedBytes: 2 });
      expectObservable(hot('-abcd').pipe(sendTo(c))).toBe('1003ms #', {}, coded('CONNECTION_CLOSED'));
      expectSent(c).toBe('');
      expectObservable(c.dropped).toBe('                    ---(x|)', { x: report(3) });
      expectClosed(c).toBe('                                1003ms x', {
        code: 1013,
        by: 'local',
        wasClean: false,
      });
    }));

  it('gives each source a policy of its own, and all of them one order', () =>
    runMarbles(({ connection, hot, expectSent, expectObservable }) => {
      const drops = new Subject<Dropped>();
      const dropped = (report: Dropped): void => drops.next(report);
      const c = connection('', {}, { writable: 'f------t' });
      hot('                                     -1-2-3')
        .pipe(sendTo(c, { overflow: 'latest', dropped }))
        .subscribe();
      hot('                                     --a-b-c').pipe(sendTo(c)).subscribe();
      expectSent(c).toBe('                      -------(3abc)');
      expectObservable(drops).toBe('            ---x-x', { x: report(1) });
    }));

  it('holds where the messages come from while the target is full', () =>
    runMarbles(({ connection, expectSent, expectReading }) => {
      const source = connection('              -a-b-c');
      const target = connection('', {}, { writable: 't-f---t', highWaterBytes: 4, lowWaterBytes: 1 });
      source.text.pipe(sendTo(target, { holds: source })).subscribe();
      expectReading(source).toBe('             t--f--t');
      expectSent(target).toBe('                -a----(bc)');
    }));

  it('releases when the target ends, and when it is unsubscribed', () =>
    runMarbles(({ connection, expectReading, expectObservable }) => {
      const [one, two] = [connection('-a'), connection('-a')];
      const ends = connection('--#', {}, { writable: 'f----' });
      const stays = connection('', {}, { writable: 'f----' });
      const lost = one.text.pipe(sendTo(ends, { holds: one }));
      expectObservable(lost).toBe('   --#', {}, coded('CONNECTION_CLOSED'));
      expectReading(one).toBe('       tft');
      const left = two.text.pipe(sendTo(stays, { holds: two }));
      expectObservable(left, '        ^--!').toBe('-');
      expectReading(two).toBe('       tf-t');
    }));

  it('holds nothing for a target that is closing', () =>
    runMarbles(({ connection, hot, expectReading, expectClosed }) => {
      const source = connection('              -a-----b');
      const target = connection('', {}, { closeMs: 3 });
      source.text.pipe(sendTo(target, { holds: source })).subscribe();
      hot('                                    --x').subscribe(() => target.close());
      expectReading(source).toBe('             t');
      expectClosed(target).toBe('              -----x');
    }));

  it('pulls an iterable no faster than the peer reads, and returns it when the target ends', () =>
    runMarbles(({ connection, expectObservable }) => {
      const c = connection('-----#', {}, { writable: 'f----', highWaterBytes: 4 });
      const pulls = new Subject<string>();
      function* endless() {
        try {
          for (;;) {
            pulls.next('p');
            yield 'ab';
          }
        } finally {
          pulls.complete();
        }
      }
      expectObservable(pulls).toBe('                    -(pp)|');
      expectObservable(sendTo(c)(endless()), '          -^').toBe('-----#', {}, coded('CONNECTION_CLOSED'));
    }));
});
