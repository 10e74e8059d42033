import { describe, expect, it } from '@jest/globals';
import { interval, last, take } from 'rxjs';
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
