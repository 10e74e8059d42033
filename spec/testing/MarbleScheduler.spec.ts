import { describe, expect, it } from '@jest/globals';
import { interval, last, of, take } from 'rxjs';
import { handle } from '../../src/server/handle.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { failure } from './failure.ts';

describe('MarbleScheduler', () => {
  it('fails on time that does not end, and says what goes on', () => {
    const { message } = failure(({ expectObservable }) => {
      interval(50).subscribe();
      expectObservable(interval(50).pipe(take(1))).toBe('50ms (0|)');
    });
    expect(message).toContain('time does not end: something is scheduled every 50ms, first at ');
    expect(message).toContain('MarbleScheduler.spec.ts');
  });

  it('fails so where a handler takes the error for its own', () => {
    const { message } = failure(({ connection, expectClosed }) => {
      const c = connection('');
      of(c)
        .pipe(handle(() => interval(10)))
        .subscribe();
      expectClosed(c).toBe('');
    });
    expect(message).toContain('time does not end: something is scheduled every 10ms');
  });

  it('fails on what goes on in one frame', () => {
    const { message } = failure(({ expectObservable }) => expectObservable(interval(0)).toBe('(012)'));
    expect(message).toContain('time does not end: something is scheduled again and again in one frame');
  });

  it('lets time go on as long as a diagram does', () => {
    runMarbles(({ expectObservable }) => {
      expectObservable(interval(1).pipe(take(150_000), last())).toBe('150s (x|)', { x: 149_999 });
    });
  });
});
