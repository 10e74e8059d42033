import { filter, take } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { Latest } from '../../src/connection/Latest.ts';
import { collect } from './contract/Pair.ts';
import { run } from './marbles.ts';

describe('Latest', () => {
  it('gives the present value, then each change, and the end', () =>
    run(({ does, expectObservable }) => {
      const latest = new Latest('a');
      does('                                      --b-b-c---|', {
        b: () => latest.set('b'),
        c: () => latest.set('c'),
      });
      does('                                      ----------|', {});
      does('                                      ----------x', { x: () => latest.complete() });
      expectObservable(latest.values).toBe('      a-b---c---|');
      expectObservable(latest.values, '-----^').toBe('-----bc---|');
      expectObservable(latest.values, '^--!').toBe('a-b');
    }));

  it('gives the last value and the end to who comes after it', () => {
    const latest = new Latest('a');
    latest.set('b');
    latest.complete();
    latest.set('c');
    expect(collect(latest.values)).toMatchObject({ isComplete: true, values: [expect.any(String)] });
  });

  it('keeps the order for all, where one of them changes it in its turn', () => {
    const latest = new Latest(0);
    const first = collect(latest.values);
    latest.values.subscribe((value) => value > 0 && value < 4 && latest.set(value + 1));
    const last = collect(latest.values);
    latest.set(1);
    expect([first.values, last.values]).toEqual([
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3, 4],
    ]);
  });

  it('tells who subscribes meanwhile what is so now, and nothing older', () => {
    const latest = new Latest('a');
    const late: string[] = [];
    latest.values
      .pipe(
        filter((value) => value === 'b'),
        take(1),
      )
      .subscribe(() => {
        latest.set('c');
        latest.values.subscribe((value) => late.push(value));
        latest.set('d');
      });
    const early = collect(latest.values);
    latest.set('b');
    expect(late).toEqual(['c', 'd']);
    expect(early.values).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets who waits for a value wait again in its turn', () => {
    const latest = new Latest(false);
    let turns = 0;
    const again = (): void => {
      turns++;
      latest.set(false);
      latest.values.pipe(filter(Boolean), take(1)).subscribe(again);
    };
    latest.values.pipe(filter(Boolean), take(1)).subscribe(again);
    latest.set(true);
    expect(turns).toBe(1);
    latest.set(true);
    expect(turns).toBe(2);
  });

  it('tells a change that is made by who is just told the first value', () => {
    const latest = new Latest('a');
    const values: string[] = [];
    latest.values.subscribe((value) => {
      values.push(value);
      latest.set('b');
    });
    expect(values).toEqual(['a', 'b']);
  });

  it('tells what was changed before it ended, though it ends meanwhile', () => {
    const latest = new Latest('a');
    latest.values.subscribe((value) => {
      if (value !== 'b') return;
      latest.set('c');
      latest.complete();
    });
    const { values, isComplete } = collect(latest.values);
    latest.set('b');
    expect(values).toEqual(['a', 'b', 'c']);
    expect(isComplete).toBe(false);
    expect(collect(latest.values).isComplete).toBe(true);
  });
});
