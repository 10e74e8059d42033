import { describe, expect, it } from '@jest/globals';
import { delay, ignoreElements, merge, NEVER, of, takeUntil } from 'rxjs';
import { flowMap } from '../../src/operators/flowMap.ts';
import { handle } from '../../src/server/handle.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { failure } from './failure.ts';

describe('what a marble test leaves behind', () => {
  it('a hold fails it, and the message says whose', () => {
    const { message } = failure(({ connection }) => {
      const c = connection('-a');
      c.hold();
      c.hold();
    });
    expect(message.split('\n\n')).toHaveLength(2);
    expect(message).toMatch(
      /^connection\("-a"\) is held at the end, since .*Leftovers\.spec\.ts:\d+:\d+: release it/,
    );
  });

  it('a hold of an operator fails it', () => {
    const { message } = failure(({ connection }) => {
      const c = connection('-ab');
      c.text.pipe(flowMap(c, () => NEVER)).subscribe();
    });
    expect(message).toMatch(/^connection\("-ab"\) is held at the end: release it/);
  });

  it('a hold that is expected does not', () => {
    runMarbles(({ connection, expectReading }) => {
      const c = connection('-ab');
      c.text.pipe(flowMap(c, () => NEVER)).subscribe();
      expectReading(c).toBe('t-f');
    });
  });

  it('a hold that was released does not', () => {
    runMarbles(({ connection }) => {
      const c = connection('-ab|');
      const hold = c.hold();
      hold.unsubscribe();
      hold.unsubscribe();
      c.text.pipe(flowMap(c, (text) => of(text).pipe(delay(3)))).subscribe();
    });
  });

  it('a peer that does not read holds nothing of the user', () => {
    runMarbles(({ connection, hot, expectSent }) => {
      const c = connection('', {}, { writable: 'f' });
      const ticks = hot('-a-b');
      of(c)
        .pipe(handle(() => ticks))
        .subscribe();
      expectSent(c).toBe('');
    });
  });

  it('a subscription that outlives every connection fails it', () => {
    const { message } = failure(({ connection, hot }) => {
      const c = connection('-a-|');
      const ticks = hot('-x-y-z');
      c.text.subscribe(() => ticks.subscribe());
    });
    expect(message).toMatch(
      /^hot\("-x-y-z"\) is still subscribed, and every connection has ended, since .*spec\.ts/,
    );
  });

  it('one that ends with them does not', () => {
    runMarbles(({ connection, hot, expectObservable }) => {
      const c = connection('-a-|');
      const ticks = hot('-x-y-z');
      const conversation = of(c).pipe(
        handle(({ text, closed }) => merge(text, ticks.pipe(ignoreElements(), takeUntil(closed)))),
        ignoreElements(),
      );
      expectObservable(conversation).toBe('---|');
    });
  });

  it('nor does one of the test itself, or below what is expected', () => {
    runMarbles(({ connection, hot, cold, expectObservable }) => {
      const c = connection('-a-|');
      hot('---x').subscribe(() => c.close());
      expectObservable(merge(c.text, cold('--y'))).toBe('-ay');
    });
  });

  it('nor does any, while a connection is open', () => {
    runMarbles(({ connection, hot }) => {
      const c = connection('-a-');
      const ticks = hot('-x-y-z');
      c.text.subscribe(() => ticks.subscribe());
    });
  });
});
