import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  finalize,
  ignoreElements,
  type MonoTypeOperatorFunction,
  NEVER,
  Observable,
  of,
  Subject,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { Connection } from '../../src/connection/Connection.ts';
import { CloseError } from '../../src/core/CloseError.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import { Conversation } from '../../src/server/Conversation.ts';
import { engineOf } from '../../src/connection/EngineConnection.ts';
import type { Handler } from '../../src/server/Handler.ts';
import { memoryConnection } from './memoryConnection.ts';

type Any = Connection<Data, Sendable, undefined>;

let scheduler: TestScheduler;
beforeEach(() => {
  scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
});

/** A conversation, and how it ended: code, finished, and whether there is an error. */
function converse(
  project: Handler<Data, Sendable, undefined>,
  incoming: Observable<string> = NEVER,
  config = {},
) {
  const memory = memoryConnection(scheduler, incoming, config);
  const ended = new Subject<string>();
  const conversation = new Conversation<Data, Sendable, undefined>(memory.connection, ({ close, finished }) =>
    ended.next(`${close.code} ${finished}${close.error === undefined ? '' : ' error'}`),
  );
  return { ...memory, ended, conversation, start: () => conversation.start(project) };
}

describe('Conversation', () => {
  it('owns the connection', () => {
    const { connection, start } = converse(() => NEVER);
    expect(engineOf(connection).isOwned).toBe(false);
    start();
    expect(engineOf(connection).isOwned).toBe(true);
  });

  it('delivers nothing while the project subscribes, and then everything to all', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const seen: string[] = [];
      const memory = memoryConnection(scheduler, cold('a-b'));
      const conversation = new Conversation<Data, Sendable, undefined>(memory.connection, () => {});
      scheduler.schedule(
        () =>
          conversation.start(({ text, messages }) => {
            messages.subscribe((m) => seen.push(`first ${m.toString()}`));
            expect(seen).toEqual([]);
            return text;
          }),
        1,
      );
      expectObservable(memory.sent).toBe('-ab');
      scheduler.schedule(() => expect(seen).toEqual(['first a', 'first b']), 5);
    });
  });

  it('closes as a CloseError says', () => {
    scheduler.run(({ expectObservable }) => {
      const { ended, sent, start } = converse(() => {
        throw new CloseError(4401, 'log in');
      });
      expectObservable(sent).toBe(' (c|)', { c: '4401' });
      expectObservable(ended).toBe('e', { e: '4401 false error' });
      scheduler.schedule(start);
    });
  });

  it('closes with 1011 where the output emits what cannot be sent', () => {
    scheduler.run(({ expectObservable }) => {
      const { ended, sent, start } = converse(() => of({} as string, 'never sent'));
      expectObservable(sent).toBe(' (c|)', { c: '1011' });
      expectObservable(ended).toBe('e', { e: '1011 false error' });
      scheduler.schedule(start);
    });
  });

  it('tells the error of an output that fails after the peer has closed', () => {
    scheduler.run(({ cold, hot, expectObservable }) => {
      const onError = jest.fn();
      const { ended, start } = converse(() => cold('500ms #'), hot('--|'), { onError });
      expectObservable(ended).toBe('500ms e', { e: '1000 false error' });
      scheduler.schedule(start);
      scheduler.schedule(() => expect(onError).toHaveBeenCalledTimes(1), 1000);
    });
  });

  it('drops what the output emits after the peer has closed', () => {
    scheduler.run(({ cold, hot, expectObservable }) => {
      const { ended, sent, start } = converse(() => cold('a---b|'), hot('--|'));
      expectObservable(sent).toBe('a-(c|)', { a: 'a', c: '1000' });
      expectObservable(ended).toBe('-----e', { e: '1000 true' });
      scheduler.schedule(start);
    });
  });

  it('does not call the project where the connection was lost before', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const project = jest.fn(() => NEVER);
      const { ended, start } = converse(project, hot('#'));
      scheduler.schedule(start, 5);
      expectObservable(ended).toBe('-----e', { e: '1006 false error' });
      scheduler.schedule(() => expect(project).not.toHaveBeenCalled(), 9);
    });
  });

  it('reads what waits where the connection was closed before', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const seen: string[] = [];
      const { ended, start } = converse(
        ({ text }) =>
          new Observable((subscriber) =>
            text.subscribe({ next: (t) => seen.push(t), complete: () => subscriber.complete() }),
          ),
        hot('(ab|)'),
      );
      scheduler.schedule(start, 5);
      expectObservable(ended).toBe('-----e', { e: '1000 true' });
      scheduler.schedule(() => expect(seen).toEqual(['a', 'b']), 9);
    });
  });

  describe('in a drain', () => {
    it('ends with 1001 when the output has completed with `messages`, and its last answers were sent', () => {
      scheduler.run(({ hot, expectObservable }) => {
        const { connection, ended, sent, start } = converse(({ text }: Any) => text, hot('-a-b-----c'));
        scheduler.schedule(start);
        scheduler.schedule(() => engineOf(connection).drain(), 6);
        expectObservable(sent).toBe('-a-b--(c|)', { a: 'a', b: 'b', c: '1001' });
        expectObservable(ended).toBe('------e', { e: '1001 true' });
      });
    });

    it('gives an output that has more to say 1 s', () => {
      scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
        const output = cold('---a 1500ms b');
        const { connection, ended, sent, start } = converse(() => output);
        scheduler.schedule(start);
        scheduler.schedule(() => engineOf(connection).drain(), 2);
        expectObservable(sent).toBe('---a 998ms (c|)', { a: 'a', c: '1001' });
        expectObservable(ended).toBe('1002ms e', { e: '1001 false' });
        expectSubscriptions(output.subscriptions).toBe('^ 1001ms !');
      });
    });
  });

  describe('whose output has a teardown that throws', () => {
    const throwing = <T>(): MonoTypeOperatorFunction<T> =>
      finalize(() => {
        throw new Error('teardown');
      });

    it.each<[string, string, string, string]>([
      ['completes', '--|     ', '-------', '--(c|)'],
      ['errors', '   --#     ', '-------', '--(d|)'],
      ['is lost', '  -----   ', '--#----', '--|'],
      ['is closed', '-----   ', '--|----', '--(c|)'],
    ])('ends as any other where it %s, and says so', (_, output, incoming, seen) => {
      scheduler.run(({ cold, hot, expectObservable }) => {
        const onError = jest.fn();
        const { ended, sent, start } = converse(() => cold(output).pipe(throwing()), hot(incoming), {
          onError,
          finishTimeoutMs: 0,
        });
        let count = 0;
        ended.subscribe(() => count++);
        expectObservable(sent).toBe(seen, { c: '1000', d: '1011' });
        scheduler.schedule(start);
        scheduler.schedule(() => {
          expect(count).toBe(1);
          expect(onError).toHaveBeenCalledWith(
            expect.objectContaining({ name: 'UnsubscriptionError' }),
            expect.anything(),
          );
        }, 20);
      });
    });

    it('is abandoned as any other', () => {
      scheduler.run(({ expectObservable }) => {
        const { conversation, sent, start } = converse(() => NEVER.pipe(throwing()));
        scheduler.schedule(start);
        scheduler.schedule(() => conversation.abandon(), 3);
        expectObservable(sent).toBe('---(c|)', { c: '1001' });
      });
    });
  });

  it('does not wait for ever for a reader that holds, in a drain', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const stuck = ({ text, hold }: Any) => {
        text.subscribe(() => hold());
        return text.pipe(ignoreElements());
      };
      const { connection, ended, sent, start } = converse(stuck, hot('-ab'), { closeTimeoutMs: 100 });
      scheduler.schedule(start);
      scheduler.schedule(() => engineOf(connection).drain(), 5);
      expectObservable(sent).toBe('105ms (c|)', { c: '1001' });
      expectObservable(ended).toBe('105ms e', { e: '1001 true' });
    });
  });

  it('tells nobody once abandoned', () => {
    scheduler.run(({ expectObservable }) => {
      const { conversation, ended, sent, start } = converse(() => NEVER);
      scheduler.schedule(start);
      scheduler.schedule(() => conversation.abandon(), 3);
      expectObservable(sent).toBe(' ---(c|)', { c: '1001' });
      expectObservable(ended).toBe('-');
    });
  });
});
