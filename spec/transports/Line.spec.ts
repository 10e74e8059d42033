import { describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { virtualClock } from '../../src/testing/virtualClock.ts';
import { Line, Waiter } from '../../src/transports/Line.ts';
import { pass } from '../core/passing.ts';

class Named extends Waiter {
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
}

function lineOf(delayMs: number, again = false) {
  const scheduler = new VirtualTimeScheduler();
  const rung: string[] = [];
  const line = new Line<Named>(virtualClock(scheduler), delayMs, (item) => {
    rung.push(`${item.name} ${scheduler.now()}`);
    if (again) line.add(item);
  });
  return { line, scheduler, rung, timers: () => scheduler.actions.length };
}

describe('Line', () => {
  it('rings for each when it has waited, with one timer for all', () => {
    const { line, scheduler, rung, timers } = lineOf(10);
    line.add(new Named('a'));
    line.add(new Named('b'));
    pass(scheduler, 3);
    line.add(new Named('c'));
    expect(timers()).toBe(1);
    pass(scheduler, 30);
    expect(rung).toEqual(['a 10', 'b 10', 'c 13']);
    expect(timers()).toBe(0);
  });

  it('begins anew for who joins again, wherever it stands', () => {
    const { line, scheduler, rung } = lineOf(10);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => new Named(name)) as [Named, Named, Named];
    for (const item of [a, b, c]) line.add(item);
    pass(scheduler, 4);
    line.add(b);
    line.add(c, 2);
    pass(scheduler, 30);
    expect(rung).toEqual(['a 10', 'b 14', 'c 14']);
  });

  it('lets leave, and keeps no timer for nobody', () => {
    const { line, scheduler, rung, timers } = lineOf(10);
    const [a, b] = [new Named('a'), new Named('b')];
    line.add(a);
    line.add(b);
    a.unlink();
    line.settle();
    expect(timers()).toBe(1);
    b.unlink();
    b.unlink();
    line.settle();
    line.settle();
    expect(timers()).toBe(0);
    pass(scheduler, 20);
    expect(rung).toEqual([]);
    line.add(a);
    pass(scheduler, 10);
    expect(rung).toEqual(['a 30']);
  });

  it('rings again for who joins while it rings, and not twice in one turn', () => {
    const { line, scheduler, rung } = lineOf(2.5, true);
    line.add(new Named('a'));
    pass(scheduler, 6);
    expect(rung).toEqual(['a 2.5', 'a 5']);
  });

  it('serves together those who are due soon after each other, where there is a gap', () => {
    const { line, scheduler, rung } = lineOf(10);
    line.gapMs = 3;
    for (const name of ['a', 'b', 'c']) {
      line.add(new Named(name));
      pass(scheduler, 1);
    }
    pass(scheduler, 30);
    expect(rung).toEqual(['a 10', 'b 13', 'c 13']);
  });
});
