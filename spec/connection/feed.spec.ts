import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { type ObservableInput, of, Subject } from 'rxjs';
import { describe, expect, it, jest } from '@jest/globals';
import { feed, type FeedTarget } from '../../src/connection/feed.ts';
import type { Clock } from '../../src/core/Clock.ts';
import { type Marbles, run } from './marbles.ts';

/** Values as they come, then how it ended. */
interface Target extends FeedTarget<unknown> {
  readonly seen: unknown[];
  readonly over: Promise<void>;
  isOpen: boolean;
  wake(): void;
}

function makeTarget(overrides: Partial<FeedTarget<unknown>> = {}): Target {
  let over: () => void;
  let waiting: (() => void) | undefined;
  const seen: unknown[] = [];
  const target: Target = {
    clock: { afterIo: (task) => void setImmediate(task) } as Clock,
    seen,
    over: new Promise((resolve) => (over = resolve)),
    isOpen: true,
    wake: () => {
      target.isOpen = true;
      waiting?.();
    },
    next: (value) => seen.push(value),
    error: (error) => {
      seen.push({ error });
      over();
    },
    complete: () => {
      seen.push('complete');
      over();
    },
    isWritable: () => target.isOpen,
    windows: () => 0,
    whenWritable: (callback) => {
      waiting = callback;
      return { unsubscribe: () => (waiting = undefined) };
    },
    ...overrides,
  };
  return target;
}

function* letters(): Generator<string> {
  yield* 'abcdefghijkl';
}

async function* lettersLater(): AsyncGenerator<string> {
  await turn();
  yield* 'ab';
}

/** An iterator that counts what is asked of it. */
function counted(
  next: () => unknown = () => ({ done: false, value: 'a' }),
  returned: () => unknown = () => ({}),
) {
  const iterator = { next: jest.fn(next), return: jest.fn(returned) };
  const source = { [Symbol.iterator]: () => iterator } as unknown as Iterable<unknown>;
  const laterSource = { [Symbol.asyncIterator]: () => iterator } as unknown as AsyncIterable<unknown>;
  return { iterator, source, laterSource };
}

const thrower = (error: unknown) => () => {
  throw error;
};

describe('feed', () => {
  it.each<[string, () => ObservableInput<unknown>]>([
    ['an Observable', () => of('a', 'b')],
    ['an array', () => ['a', 'b']],
    ['a string', () => 'ab'],
    ['an array-like', () => ({ length: 2, 0: 'a', 1: 'b' })],
    ['an iterable', () => new Set(['a', 'b'])],
    ['an async iterable', lettersLater],
    ['a Node stream', () => Readable.from(['a', 'b'])],
    ['a Web stream', () => ReadableStream.from(['a', 'b']) as never],
  ])('hands on all of %s, and completes', async (_name, source) => {
    const target = makeTarget();
    feed(source(), target);
    await target.over;
    expect(target.seen).toEqual(['a', 'b', 'complete']);
  });

  it('hands on what a promise gives', async () => {
    const target = makeTarget();
    feed(Promise.resolve('a'), target);
    await target.over;
    expect(target.seen).toEqual(['a', 'complete']);
  });

  it.each([null, undefined, 5, {}])('throws at once on what is no source: %p', (source) => {
    expect(() => feed(source as never, makeTarget())).toThrow('provided');
  });

  describe('pulls', () => {
    /** A target with room for so many values at each digit, that asks for others' turn after `perWindow` values. */
    const play = (
      { does, scheduler }: Marbles,
      source: ObservableInput<unknown>,
      room: string,
      perWindow = Infinity,
    ) => {
      const out = new Subject<unknown>();
      let left = 0;
      let taken = 0;
      const target = makeTarget({
        clock: { afterIo: (task) => void scheduler.schedule(task, 6) } as Clock,
        isWritable: () => left > 0,
        windows: () => Math.floor(taken / perWindow),
        next: (value) => {
          left--;
          taken++;
          out.next(value);
        },
        error: (error) => out.error(error),
        complete: () => out.complete(),
      });
      const give = (count: number) => (): void => {
        left = count;
        target.wake();
      };
      does(room, { 0: () => (left = 0), 2: give(2), 3: give(3), 9: give(9) });
      const subscription = feed(source, target);
      return { out, subscription };
    };

    it('only while the target is writable', () =>
      run((marbles) => {
        const room = '    --2---2----3-----9';
        const values = '  --(ab)(cd)-(efg)-(hijkl|)';
        const { out } = play(marbles, letters(), room);
        marbles.expectObservable(out).toBe(values);
      }));

    it('no more after a whole window, until others had their turn', () =>
      run((marbles) => {
        const room = '    --9';
        const values = '  --(abc)-(def)-|';
        const { out } = play(marbles, 'abcdef', room, 3);
        marbles.expectObservable(out).toBe(values);
      }));

    it('nothing more after unsubscribe, while it waits to be writable', () =>
      run((marbles) => {
        const room = '    --2-----2';
        const leaves = '  ------x';
        const values = '  --(ab)';
        const { out, subscription } = play(marbles, letters(), room);
        marbles.does(leaves, { x: () => subscription.unsubscribe() });
        marbles.expectObservable(out).toBe(values);
      }));

    it('nothing more after unsubscribe, while others have their turn', () =>
      run((marbles) => {
        const room = '    --9';
        const leaves = '  ------x';
        const values = '  --(ab)';
        const { out, subscription } = play(marbles, letters(), room, 2);
        marbles.does(leaves, { x: () => subscription.unsubscribe() });
        marbles.expectObservable(out).toBe(values);
      }));

    it('but takes what is pushed as it comes', () =>
      run((marbles) => {
        const room = '             ---0-----';
        const source = marbles.hot('-a-b---c-|');
        const subscribed = '       ^--------!';
        const values = '           -a-b---c-|';
        const { out } = play(marbles, source, room);
        marbles.expectObservable(out).toBe(values);
        marbles.expectSubscriptions(source.subscriptions).toBe(subscribed);
      }));
  });

  it.each(['source', 'laterSource'] as const)(
    'lets others have their turn in an endless %s with no windows',
    async (kind) => {
      const result = { done: false, value: 'a' };
      const { iterator, [kind]: source } = counted(() =>
        kind === 'source' ? result : Promise.resolve(result),
      );
      const target = makeTarget();
      const pulled: number[] = [];
      await new Promise<void>((resolve) => {
        const afterIo = (task: () => void): void => {
          if (pulled.push(iterator.next.mock.calls.length) < 3) setImmediate(task);
          else resolve();
        };
        feed(source, { ...target, clock: { afterIo } as Clock });
      });
      expect(pulled).toEqual([1_024, 2_048, 3_072]);
    },
  );

  it('asks for no second value before the first has come', async () => {
    const { iterator, laterSource } = counted(() => new Promise(() => {}));
    const target = makeTarget();
    feed(laterSource, target);
    target.wake();
    await turn();
    expect(iterator.next).toHaveBeenCalledTimes(1);
  });

  it('hands on what was asked for while writable, and then waits', async () => {
    const target = makeTarget();
    feed(lettersLater(), target);
    target.isOpen = false;
    await turn();
    await turn();
    expect(target.seen).toEqual(['a']);
    target.wake();
    await target.over;
    expect(target.seen).toEqual(['a', 'b', 'complete']);
  });

  describe('errors once', () => {
    const oops = new Error('oops');
    it.each<[string, () => unknown, unknown]>([
      ['throws', thrower(oops), oops],
      ['rejects', () => Promise.reject(oops), oops],
      ['gives no result', () => undefined, expect.objectContaining({ name: 'TypeError' })],
      ['promises no result', () => Promise.resolve(), expect.objectContaining({ name: 'TypeError' })],
      [
        'gives a result that throws',
        () => ({
          get value(): unknown {
            throw oops;
          },
        }),
        oops,
      ],
    ])('where `next` %s, in a later turn too', async (_name, next, error) => {
      const { iterator, laterSource } = counted(next);
      const target = makeTarget();
      target.isOpen = false;
      const subscription = feed(laterSource, target);
      expect(target.wake).not.toThrow();
      await target.over;
      subscription.unsubscribe();
      await turn();
      expect(target.seen).toEqual([{ error }]);
      expect(iterator.return).not.toHaveBeenCalled();
    });

    it('and passes over one that comes after unsubscribe', async () => {
      let reject: (error: Error) => void;
      const { laterSource } = counted(() => new Promise((_resolve, rejected) => (reject = rejected)));
      const target = makeTarget();
      feed(laterSource, target).unsubscribe();
      reject!(oops);
      await turn();
      expect(target.seen).toEqual([]);
    });
  });

  describe('on unsubscribe', () => {
    it('returns the iterator once, though it is unsubscribed twice', () => {
      const { iterator, source } = counted();
      const target = makeTarget();
      target.isOpen = false;
      const subscription = feed(source, target);
      subscription.unsubscribe();
      subscription.unsubscribe();
      target.wake();
      expect([iterator.next.mock.calls.length, iterator.return.mock.calls.length]).toEqual([0, 1]);
    });

    it('does not return an iterator that has ended', () => {
      const { iterator, source } = counted(() => ({ done: true, value: undefined }));
      feed(source, makeTarget()).unsubscribe();
      expect(iterator.return).not.toHaveBeenCalled();
    });

    it('stops where the target leaves with a value in hand', () => {
      const target = makeTarget({
        next: (value) => {
          target.seen.push(value);
          if (value === 'b') subscription.unsubscribe();
        },
      });
      target.isOpen = false;
      const subscription = feed(letters(), target);
      target.wake();
      expect(target.seen).toEqual(['a', 'b']);
    });

    it('no longer waits to be writable', () => {
      const unsubscribe = jest.fn();
      const target = makeTarget({ isWritable: () => false, whenWritable: () => ({ unsubscribe }) });
      feed(letters(), target).unsubscribe();
      expect(unsubscribe).toHaveBeenCalledTimes(1);
    });

    it('returns an iterator that unsubscribes itself when it has answered', () => {
      const calls: string[] = [];
      const { source } = counted(
        () => {
          calls.push('next');
          subscription.unsubscribe();
          calls.push('answered');
          return { done: false, value: 'a' };
        },
        () => calls.push('return'),
      );
      const target = makeTarget();
      target.isOpen = false;
      const subscription = feed(source, target);
      target.wake();
      expect([calls, target.seen]).toEqual([['next', 'answered', 'return'], []]);
    });

    it('returns a generator that unsubscribes itself', () => {
      const returned = jest.fn();
      const target = makeTarget();
      function* leave(): Generator<string> {
        try {
          yield 'a';
          subscription.unsubscribe();
          yield 'b';
        } finally {
          returned();
        }
      }
      target.isOpen = false;
      const subscription = feed(leave(), target);
      target.wake();
      expect([target.seen, returned.mock.calls.length]).toEqual([['a'], 1]);
    });

    it('tells nobody where `return` throws', () => {
      const { iterator, source } = counted(undefined, thrower(new Error('oops')));
      const target = makeTarget();
      target.isOpen = false;
      expect(() => feed(source, target).unsubscribe()).not.toThrow();
      expect([iterator.return.mock.calls.length, target.seen]).toEqual([1, []]);
    });

    it('tells nobody where `return` rejects, and leaves no rejection unhandled', async () => {
      const returned = Promise.reject(new Error('oops'));
      const then = jest.spyOn(returned, 'then');
      const { laterSource } = counted(
        () => new Promise(() => {}),
        () => returned,
      );
      const target = makeTarget();
      feed(laterSource, target).unsubscribe();
      await turn();
      expect(then.mock.calls).toEqual([[undefined, expect.any(Function)]]);
      expect(target.seen).toEqual([]);
    });

    it('needs no `return`', () => {
      const source = { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 'a' }) }) };
      const target = makeTarget();
      target.isOpen = false;
      expect(() => feed(source, target).unsubscribe()).not.toThrow();
    });

    it.each([
      ['it has not begun', false],
      ['nothing comes', true],
    ])('destroys a Node stream, though %s', (_name, isOpen) => {
      const source = new Readable({ read: () => {} });
      const target = makeTarget();
      target.isOpen = isOpen;
      feed(source, target).unsubscribe();
      expect(source.destroyed).toBe(true);
    });

    it.each([
      ['it has not begun', false],
      ['nothing comes', true],
    ])('cancels a Web stream, though %s', (_name, isOpen) => {
      const cancel = jest.fn<() => void>();
      const source = new ReadableStream({ cancel });
      const target = makeTarget();
      target.isOpen = isOpen;
      feed(source as never, target).unsubscribe();
      expect(cancel).toHaveBeenCalledTimes(1);
    });
  });

  it('tells of a Node stream that failed while it was not pulled, when it is', async () => {
    const oops = new Error('oops');
    const source = new Readable({ read: () => {} });
    const target = makeTarget();
    target.isOpen = false;
    feed(source, target);
    source.destroy(oops);
    await turn();
    expect(target.seen).toEqual([]);
    target.wake();
    await target.over;
    expect(target.seen).toEqual([{ error: oops }]);
  });
});
