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

interface NodeStream {
  destroy(): unknown;
  on(event: 'error', listener: () => void): unknown;
}

function iteratorOf<T>(source: ObservableInput<T>): Pulled<T> | undefined {
  if (isObservable(source)) return undefined;
  const {
    [Symbol.asyncIterator]: asyncIterator,
    [Symbol.iterator]: iterator,
    getReader,
    destroy,
    on,
  } = Object(source) as Partial<AsyncIterable<T> & Iterable<T> & ReadableStream<T> & NodeStream>;
  // A stream is let go by its own means: the `return` of its iterator waits for the `next` that is under way.
  if (typeof getReader === 'function') {
    const reader = (source as ReadableStream<T>).getReader();
    return { next: () => reader.read() as Promise<IteratorResult<T>>, return: () => reader.cancel() };
  }
  if (typeof asyncIterator === 'function') {
    const pulled = asyncIterator.call(source);
    if (typeof destroy !== 'function' || typeof on !== 'function') return pulled;
    // It may fail before anything is pulled, or after it was let go; `next` tells of it where somebody asks.
    on.call(source, 'error', () => {});
    return { next: () => pulled.next(), return: () => destroy.call(source) };
  }
  return typeof iterator === 'function' ? iterator.call(source) : undefined;
}

function pull<T>(iterator: Pulled<T>, target: FeedTarget<T>): Unsubscribable {
  let closed = false;
  let waiting: Unsubscribable | undefined;
  let windows = target.windows();
  let batch = 0;
  let pulling = false;

  const end = (): void => {
    closed = true;
    waiting?.unsubscribe();
  };
  const fail = (error: unknown): void => {
    if (closed) return;
    end();
    target.error(error);
  };
  const letGo = (): void => {
    try {
      // A source that fails while it is let go has nobody left to tell.
      const returned = iterator.return?.() as PromiseLike<unknown> | undefined;
      returned?.then?.(undefined, () => {});
    } catch {}
  };
  /** True: the value was handed on and more may be pulled. */
  const take = (result: IteratorResult<T>): boolean => {
    if (closed) return false;
    let done: boolean | undefined;
    let value: T;
    try {
      ({ done, value } = result as { done?: boolean; value: T });
    } catch (error) {
      fail(error);
      return false;
    }
    if (done) {
      end();
      target.complete();
      return false;
    }
    target.next(value);
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
      let isAsync: boolean;
      pulling = true;
      try {
        result = iterator.next();
        isAsync = 'then' in result;
      } catch (error) {
        fail(error);
        return;
      } finally {
        pulling = false;
      }
      // It unsubscribed us itself, and could not be let go in the midst of it.
      if (closed) letGo();
      if (isAsync) {
        (result as PromiseLike<IteratorResult<T>>).then((settled) => {
          if (take(settled)) run();
        }, fail);
        return;
      }
      if (!take(result as IteratorResult<T>)) return;
    }
  };
  run();

  return {
    unsubscribe: () => {
      if (closed) return;
      end();
      if (!pulling) letGo();
    },
  };
}
