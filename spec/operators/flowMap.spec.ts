import { describe, it } from '@jest/globals';
import { delay, of, Subject, tap } from 'rxjs';
import { flowMap } from '../../src/operators/flowMap.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';

const after3 = (x: string) => of(x).pipe(delay(3));

describe('flowMap', () => {
  it('never', () =>
    runMarbles(({ connection, cold, expectObservable, expectSubscriptions }) => {
      const values = cold<string>('                                    -');
      expectObservable(values.pipe(flowMap(connection(''), after3))).toBe('-');
      expectSubscriptions(values.subscriptions).toBe('                 ^');
    }));

  it('empty', () =>
    runMarbles(({ connection, cold, expectObservable, expectSubscriptions }) => {
      const values = cold<string>('                                    --|');
      expectObservable(values.pipe(flowMap(connection(''), after3))).toBe('--|');
      expectSubscriptions(values.subscriptions).toBe('                 ^-!');
    }));

  it('one', () =>
    runMarbles(({ connection, expectReading, expectObservable }) => {
      const c = connection('                                   -a|');
      expectObservable(c.text.pipe(flowMap(c, after3))).toBe('----(a|)');
      expectReading(c).toBe('                                  t');
    }));

  it('many: one at a time, in order, and holds while some wait', () =>
    runMarbles(({ connection, expectReading, expectObservable }) => {
      const c = connection('                                   abc|');
      expectObservable(c.text.pipe(flowMap(c, after3))).toBe('---a--b--(c|)');
      expectReading(c).toBe('                                  tf----t');
    }));

  it('many: some at a time, as mergeMap', () =>
    runMarbles(({ connection, expectReading, expectObservable }) => {
      const c = connection('                                                       abcd|');
      expectObservable(c.text.pipe(flowMap(c, after3, { concurrency: 2 }))).toBe('---ab-c(d|)');
      expectReading(c).toBe('                                                      t-f-t');
    }));

  it('lets maxWaiting values wait before it holds, and reads on when there is room again', () =>
    runMarbles(({ connection, expectReading, expectObservable }) => {
      const c = connection('                                                      abc------|');
      expectObservable(c.text.pipe(flowMap(c, after3, { maxWaiting: 1 }))).toBe('---a--b--(c|)');
      expectReading(c).toBe('                                                     t-f---t');
    }));

  it('leaves what it has no time for in the connection', () =>
    runMarbles(({ connection, cold, expectClosed, expectReading, expectObservable, expectSubscriptions }) => {
      const c = connection('   (abcd)-|');
      const inner = cold('     --x--|');
      const result = '         --x----x----x----x--|';
      const taken = '          (ab)-c----(d|)';
      const reading = '        f--------------t';
      const closed = '         -------x';
      const one = '            ^----!';
      const two = '            -----^----!';
      const three = '          ----------^----!';
      const four = '           ---------------^----!';
      expectObservable(c.text.pipe(flowMap(c, () => inner))).toBe(result);
      expectObservable(c.text).toBe(taken);
      expectReading(c).toBe(reading);
      expectClosed(c).toBe(closed);
      expectSubscriptions(inner.subscriptions).toBe([one, two, three, four]);
    }));

  it('keeps what still arrives when it holds', () =>
    runMarbles(({ connection, cold, expectReading, expectObservable }) => {
      const source = connection('');
      expectObservable(cold('abc|').pipe(flowMap(source, after3))).toBe('---a--b--(c|)');
      // Seen from when it is first asked for a hold.
      expectReading(source).toBe('                                       -f----t');
    }));

  it('passes the error of the source on, and releases', () =>
    runMarbles(({ connection, cold, expectReading, expectObservable }) => {
      const source = connection('');
      expectObservable(cold('ab-#').pipe(flowMap(source, after3))).toBe('---#');
      expectReading(source).toBe('                                       -f-t');
    }));

  it('passes the error of an inner Observable on, and releases', () =>
    runMarbles(({ connection, cold, expectReading, expectObservable, expectSubscriptions }) => {
      const source = connection('');
      const values = cold('                                              abc---');
      const inner = cold('                                               --x#');
      expectObservable(values.pipe(flowMap(source, () => inner))).toBe(' --x#');
      expectReading(source).toBe('                                       -f-t');
      expectSubscriptions(values.subscriptions).toBe('                   ^--!');
    }));

  it('passes what the project throws on, and releases', () =>
    runMarbles(({ connection, cold, expectReading, expectObservable, expectSubscriptions }) => {
      const source = connection('');
      const project = (x: string) => {
        if (x === 'b') throw 'error';
        return after3(x);
      };
      const values = cold('                                              ab----');
      expectObservable(values.pipe(flowMap(source, project))).toBe('     ---(a#)');
      expectReading(source).toBe('                                       -f-t');
      expectSubscriptions(values.subscriptions).toBe('                   ^--!');
    }));

  it('unsubscribes what runs, and releases, when it is unsubscribed early', () =>
    runMarbles(({ connection, cold, expectReading, expectObservable, expectSubscriptions }) => {
      const source = connection('');
      const values = cold('                                              ab---');
      const inner = cold('                                               -----x|');
      const unsub = '                                                    --!';
      expectObservable(values.pipe(flowMap(source, () => inner)), unsub).toBe('-');
      expectReading(source).toBe('                                       -ft');
      expectSubscriptions(values.subscriptions).toBe('                   ^-!');
      expectSubscriptions(inner.subscriptions).toBe('                    ^-!');
    }));

  it('keeps the order where the result sends new values into the source', () =>
    runMarbles(({ connection, hot, expectReading, expectObservable }) => {
      const source = connection('');
      const values = new Subject<number>();
      const result = values.pipe(
        flowMap(source, (n) => of(n)),
        tap((n) => n < 5 && values.next(n + 1)),
      );
      hot('                            -x').subscribe(() => values.next(1));
      expectObservable(result).toBe('  -(12345)');
      expectReading(source).toBe('     -t');
    }));

  it('pauses and resumes what is no valve', () =>
    runMarbles(({ cold, expectObservable }) => {
      const calls = new Subject<string>();
      const source = { pause: () => calls.next('p'), resume: () => calls.next('r') };
      expectObservable(calls).toBe('                                 -p-r');
      expectObservable(cold('ab|').pipe(flowMap(source, after3))).toBe('---a--(b|)');
    }));
});
