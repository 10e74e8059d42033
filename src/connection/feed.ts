import { from, isObservable, type ObservableInput, type Unsubscribable } from 'rxjs';
import type { Clock } from '../core/Clock.ts';

/** Where the values of a source go. */
export interface FeedTarget<T> {
  readonly clock: Clock;
  next(value: T): void;
  error(error: unknown): void;
  complete(): void;
  /** Whether more may be pulled now. */
  isWritable(): boolean;
  /** Changes when a whole window was written: time to let others have their turn. */
  windows(): number;
  /** Calls back once, when more may be pulled. */
  whenWritable(callback: () => void): Unsubscribable;
}

/** After so many values without a window being full, others get their turn all the same. */
const MAX_BATCH = 1024;

/**
 * Subscribes `target` to `source`. What can be pulled (iterables, async iterables, Node and Web streams) is pulled only
 * while the target is writable, and returned or cancelled on unsubscribe; what pushes is taken as it comes.
 */
export function feed<T>(source: ObservableInput<T>, target: FeedTarget<T>): Unsubscribable {
  const iterator = iteratorOf(source);
  return iterator === undefined ? from(source).subscribe(target) : pull(iterator, target);
}

interface Pulled<T> {
  next(): IteratorResult<T> | PromiseLike<IteratorResult<T>>;
  return?(): unknown;
}

function iteratorOf<T>(source: ObservableInput<T>): Pulled<T> | undefined {
  if (isObservable(source)) return undefined;
  const { [Symbol.asyncIterator]: asyncIterator, [Symbol.iterator]: iterator, getReader } = source as Partial<
    AsyncIterable<T> & Iterable<T> & ReadableStream<T>
  >;
  if (typeof asyncIterator === 'function') return asyncIterator.call(source);
  if (typeof iterator === 'function') return iterator.call(source);
  if (typeof getReader !== 'function') return undefined;
  const reader = (source as ReadableStream<T>).getReader();
  return { next: () => reader.read() as Promise<IteratorResult<T>>, return: () => reader.cancel() };
}

function pull<T>(iterator: Pulled<T>, target: FeedTarget<T>): Unsubscribable {
  let closed = false;
  let waiting: Unsubscribable | undefined;
  let windows = target.windows();
  let batch = 0;

  const end = (): void => {
    closed = true;
    waiting?.unsubscribe();
  };
  const fail = (error: unknown): void => {
    if (closed) return;
    end();
    target.error(error);
  };
  /** True: the value was handed on and more may be pulled. */
  const take = (result: IteratorResult<T>): boolean => {
    if (closed) return false;
    if (result.done) {
      end();
      target.complete();
      return false;
    }
    target.next(result.value);
    return !closed;
  };
  const resume = (): void => {
    waiting = undefined;
    windows = target.windows();
    batch = 0;
    run();
  };
  const run = (): void => {
    while (!closed) {
      if (!target.isWritable()) {
        waiting = target.whenWritable(resume);
        return;
      }
      if (target.windows() !== windows || batch++ === MAX_BATCH) {
        target.clock.afterIo(resume);
        return;
      }
      let result: IteratorResult<T> | PromiseLike<IteratorResult<T>>;
      try {
        result = iterator.next();
      } catch (error) {
        fail(error);
        return;
      }
      if ('then' in result) {
        result.then((settled) => {
          if (take(settled)) run();
        }, fail);
        return;
      }
      if (!take(result)) return;
    }
  };
  run();

  return {
    unsubscribe: () => {
      if (closed) return;
      end();
      try {
        // A source that fails while it is let go has nobody left to tell.
        const returned = iterator.return?.() as PromiseLike<unknown> | undefined;
        returned?.then?.(undefined, () => {});
      } catch {}
    },
  };
}
