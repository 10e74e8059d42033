import { describe, expect, it, jest } from '@jest/globals';
import { finalize, NEVER, type Observable, of, Subject, throwError } from 'rxjs';
import { release, sheltered, tellingEach } from '../../src/core/sheltered.ts';

const thrown = new Error('teardown');
const throwing = <T>() =>
  finalize<T>(() => {
    throw thrown;
  });
/** What a teardown threw stands in the error of RxJS. */
const ofTeardown = expect.objectContaining({ errors: [thrown] });

function watch<T>(source: Observable<T>) {
  const failed = jest.fn();
  const seen: unknown[] = [];
  const subscription = sheltered(source, failed).subscribe({
    next: (value) => seen.push(value),
    error: (error) => seen.push(error),
    complete: () => seen.push('complete'),
  });
  return { failed, seen, subscription };
}

describe('release', () => {
  it('hands on what a teardown throws', () => {
    const failed = jest.fn();
    release(NEVER.pipe(throwing()).subscribe(), failed);
    release(undefined, failed);
    expect(failed.mock.calls).toEqual([[ofTeardown]]);
  });
});

describe('sheltered', () => {
  it('is the source', () => {
    const { failed, seen } = watch(of(1, 2));
    expect([seen, failed.mock.calls]).toEqual([[1, 2, 'complete'], []]);
    expect(watch(throwError(() => thrown)).seen).toEqual([thrown]);
  });

  it('keeps a throwing teardown from who completes, errors and unsubscribes it', () => {
    for (const end of ['complete', 'error'] as const) {
      const source = new Subject<number>();
      const { failed } = watch(source.pipe(throwing()));
      expect(() => source[end](undefined)).not.toThrow();
      expect(failed.mock.calls).toEqual([[ofTeardown]]);
    }
    const { failed, subscription } = watch(NEVER.pipe(throwing()));
    expect(() => subscription.unsubscribe()).not.toThrow();
    expect(failed.mock.calls).toEqual([[ofTeardown]]);
  });
});

describe('tellingEach', () => {
  it.each(['complete', 'error'] as const)(
    'tells all of the end (%s), and hands on what a teardown throws',
    (end) => {
      const source = new Subject<number>();
      const failed = jest.fn();
      const seen: unknown[] = [];
      const told = tellingEach(source, failed);
      told
        .pipe(throwing())
        .subscribe({ error: () => seen.push('error'), complete: () => seen.push('complete') });
      told.subscribe({
        next: (value) => seen.push(value),
        error: () => seen.push('error'),
        complete: () => seen.push('complete'),
      });
      source.next(1);
      expect(() => source[end](undefined)).not.toThrow();
      expect([seen, failed.mock.calls]).toEqual([[1, end, end], [[ofTeardown]]]);
    },
  );

  it('lets the source go', () => {
    const source = new Subject<number>();
    const subscription = tellingEach(source, jest.fn()).subscribe();
    subscription.unsubscribe();
    expect(source.observed).toBe(false);
  });
});
