import { describe, expect, it, jest } from '@jest/globals';
import {
  finalize,
  ignoreElements,
  type MonoTypeOperatorFunction,
  NEVER,
  Observable,
  of,
  Subject,
  tap,
} from 'rxjs';
import type { Connection } from '../../src/connection/Connection.ts';
import { drain } from '../../src/connection/drain.ts';
import { engineOf } from '../../src/connection/EngineConnection.ts';
import { CloseError } from '../../src/core/CloseError.ts';
import { Conversation } from '../../src/server/Conversation.ts';
import type { Handler } from '../../src/server/Handler.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { run } from '../connection/marbles.ts';
import { peerOf } from '../connection/peerOf.ts';

type Any<In = string> = Connection<In, string, undefined>;

/** A conversation that starts with the subscription, and how it ended: code, finished, and whether there is an error. */
const converse = <In>(
  connection: Any<In>,
  project: Handler<In, string, undefined>,
  abandoned: Observable<unknown> = NEVER,
): Observable<string> =>
  new Observable((subscriber) => {
    const conversation = new Conversation(connection, ({ close, finished }) =>
      subscriber.next(`${close.code} ${finished}${close.error === undefined ? '' : ' error'}`),
    );
    conversation.start(project);
    abandoned.subscribe(() => conversation.abandon());
  });

describe('Conversation', () => {
  it('owns the connection', () =>
    runMarbles(({ connection }) => {
      const c = connection('');
      const conversation = new Conversation<string, string, undefined>(c, () => {});
      expect(engineOf(c).owner).toBeUndefined();
      conversation.start(() => NEVER);
      expect(engineOf(c).owner).toBe(conversation);
    }));

  it.each([
    ['what waits', 'a-----b', '-(ax)-b'],
    ['what arrives meanwhile', '------b', '-x----b'],
  ])('delivers nothing while the project subscribes, and then everything to all: %s', (_, incoming, seen) =>
    runMarbles(({ connection, expectSent, expectObservable }) => {
      const c = connection(incoming);
      const first = new Subject<string>();
      const project = ({ text, messages }: Any) => {
        messages.subscribe(first);
        peerOf(c).send('x');
        return text;
      };
      // It is open before the conversation starts.
      expect(c.state).toBe('open');
      expectObservable(converse(c, project), '-^').toBe('-');
      expectObservable(first).toBe(seen);
      expectSent(c).toBe(seen);
    }),
  );

  it('reports once what a message in parts fails with, and the output then too', () => {
    const { errors } = run(({ open, sent, cold, expectObservable }) => {
      const opened = open<string, string>();
      const project = ({ sendFragments }: Any) => sendFragments(cold('-a-#'));
      expectObservable(sent(opened.peer)).toBe('                       -a-(x|)', { a: '+a', x: '#1011' });
      expectObservable(converse(opened.connection, project)).toBe('    ---x', { x: '1011 false error' });
      return opened;
    });
    expect(errors).toEqual(['error']);
  });

  it('closes as a CloseError says', () =>
    runMarbles(({ connection, expectSent, expectClosed, expectObservable }) => {
      const c = connection('');
      const project = () => {
        throw new CloseError(4401, 'log in');
      };
      expectObservable(converse(c, project)).toBe('x', { x: '4401 false error' });
      expectSent(c).toBe('');
      expectClosed(c).toBe('x', { code: 4401, reason: 'log in', by: 'local' });
    }));

  // A marble connection without a codec sends any value.
  it('closes with 1011 where the output emits what cannot be sent', () =>
    run(({ open, sent, expectObservable }) => {
      const { connection, peer } = open<string, string>();
      const output = of({} as string, 'never sent');
      expectObservable(sent(peer)).toBe('(x|)', { x: '#1011' });
      expectObservable(converse(connection, () => output)).toBe('x', { x: '1011 false error' });
    }));

  it('tells the error of an output that fails after the peer has closed', () => {
    const onError = jest.fn();
    runMarbles(({ connection, cold, expectClosed, expectObservable }) => {
      const c = connection('--|', {}, { onError });
      const output = cold(' 500ms #');
      expectObservable(converse(c, () => output)).toBe('500ms x', { x: '1000 false error' });
      expectClosed(c).toBe('--x', { code: 1000, by: 'peer' });
    });
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('drops what the output emits after the peer has closed', () =>
    runMarbles(({ connection, cold, expectSent, expectClosed, expectObservable }) => {
      const c = connection('                             --|');
      const output = cold('                              a---b|');
      expectObservable(converse(c, () => output)).toBe(' -----x', { x: '1000 true' });
      expectSent(c).toBe('                               a');
      expectClosed(c).toBe('                             --x', { code: 1000, by: 'peer' });
    }));

  it('does not call the project where the connection was lost before', () => {
    const project = jest.fn(() => NEVER);
    runMarbles(({ connection, expectClosed, expectObservable }) => {
      const c = connection('#', {}, { error: new Error('cable') });
      expect(c.state).toBe('open');
      expectClosed(c).toBe('x', { code: 1006 });
      expectObservable(converse(c, project), '-----^').toBe('-----x', { x: '1006 false error' });
    });
    expect(project).not.toHaveBeenCalled();
  });

  it('reads what waits where the connection was closed before', () =>
    runMarbles(({ connection, expectClosed, expectObservable }) => {
      const c = connection('                   (ab|)');
      const seen = new Subject<string>();
      const project = ({ text }: Any) => text.pipe(tap(seen), ignoreElements());
      expect(c.state).toBe('open');
      expectClosed(c).toBe('                   x', { code: 1000 });
      expectObservable(converse(c, project), ' -----^').toBe('-----x', { x: '1000 true' });
      expectObservable(seen).toBe('            -----(ab|)');
    }));

  describe('in a drain', () => {
    it('ends with 1001 when the output has completed with `messages`, and its last answers were sent', () =>
      runMarbles(({ connection, hot, expectSent, expectClosed, expectObservable }) => {
        const c = connection('                                -a-b-----c');
        hot('                                                 ------d').subscribe(() => drain(engineOf(c)));
        expectObservable(converse(c, ({ text }) => text)).toBe('------x', { x: '1001 true' });
        expectSent(c).toBe('                                  -a-b');
        expectClosed(c).toBe('                                ------x', { code: 1001, by: 'local' });
      }));

    it('gives an output that has more to say 1 s', () =>
      runMarbles(
        ({ connection, cold, hot, expectSent, expectClosed, expectObservable, expectSubscriptions }) => {
          const c = connection('');
          const output = cold('                             ---a 1500ms b');
          hot('                                             --d').subscribe(() => drain(engineOf(c)));
          expectObservable(converse(c, () => output)).toBe('1002ms x', { x: '1001 false' });
          expectSent(c).toBe('                              ---a');
          expectClosed(c).toBe('                            1002ms x', { code: 1001, by: 'local' });
          expectSubscriptions(output.subscriptions).toBe('  ^ 1001ms !');
        },
      ));

    it('does not wait for ever for a reader that holds', () =>
      runMarbles(({ connection, hot, expectClosed, expectReading, expectObservable }) => {
        const c = connection('                      -ab', {}, { closeTimeoutMs: 100 });
        const stuck = ({ text, hold }: Any) => {
          text.subscribe(() => hold());
          return text.pipe(ignoreElements());
        };
        hot('                                       -----d').subscribe(() => drain(engineOf(c)));
        expectObservable(converse(c, stuck)).toBe(' 105ms x', { x: '1001 true' });
        expectReading(c).toBe('                     tf');
        expectClosed(c).toBe('                      105ms x', { code: 1001, by: 'local' });
      }));
  });

  describe('whose output has a teardown that throws', () => {
    const throwing = <T>(): MonoTypeOperatorFunction<T> =>
      finalize(() => {
        throw new Error('teardown');
      });

    it.each<[string, string, string, string, number]>([
      ['completes', '--|     ', '-------', '1000 true', 1000],
      ['errors', '   --#     ', '-------', '1011 false error', 1011],
      ['is lost', '  -----   ', '--#----', '1006 false', 1006],
      ['is closed', '-----   ', '--|----', '1000 false', 1000],
    ])('ends as any other where it %s, and says so', (_, output, incoming, x, code) => {
      const onError = jest.fn();
      runMarbles(({ connection, cold, expectSent, expectClosed, expectObservable }) => {
        const c = connection(incoming, {}, { onError, finishTimeoutMs: 0 });
        const project = () => cold(output).pipe(throwing());
        expectObservable(converse(c, project)).toBe('--x', { x });
        expectClosed(c).toBe('                       --x', { code });
        expectSent(c).toBe('');
      });
      const unsubscription: unknown = expect.objectContaining({ name: 'UnsubscriptionError' });
      expect(onError).toHaveBeenCalledWith(unsubscription, expect.anything());
    });

    it('is abandoned as any other', () =>
      runMarbles(({ connection, hot, expectClosed, expectObservable }) => {
        const c = connection('');
        const project = () => NEVER.pipe(throwing());
        expectObservable(converse(c, project, hot('---x'))).toBe('-');
        expectClosed(c).toBe('                             ---x', { code: 1001, by: 'local' });
      }));
  });

  it('tells nobody once abandoned', () =>
    runMarbles(({ connection, hot, cold, expectClosed, expectObservable, expectSubscriptions }) => {
      const c = connection('');
      const output = cold('                                     -----x');
      expectObservable(converse(c, () => output, hot('---x'))).toBe('-');
      expectClosed(c).toBe('                                    ---x', { code: 1001, by: 'local' });
      expectSubscriptions(output.subscriptions).toBe('          ^--!');
    }));
});
