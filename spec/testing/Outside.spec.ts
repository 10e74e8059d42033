import { describe, expect, it } from '@jest/globals';
import { createConnection, createServer } from 'node:net';
import { from, mergeMap, of, timer } from 'rxjs';
import { handle } from '../../src/server/handle.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { failure } from './failure.ts';

describe('what virtual time does not move', () => {
  it.each<[string, () => unknown, string]>([
    ['a promise in a pipeline', () => from(Promise.resolve(1)).subscribe(), 'a promise was waited for at '],
    [
      'an async function in a pipeline',
      () =>
        of(1)
          .pipe(mergeMap(async (one) => one + 1))
          .subscribe(),
      'a promise was waited for at ',
    ],
    ['an await', () => void (async () => await Promise.resolve())(), 'a promise was waited for at '],
    [
      'setTimeout',
      () => void setTimeout(() => {}, 1),
      'a real timer was started (setTimeout or setInterval) at ',
    ],
    ['setImmediate', () => void setImmediate(() => {}), 'a real timer was started (setImmediate) at '],
    ['queueMicrotask', () => queueMicrotask(() => {}), 'a microtask was queued (queueMicrotask) at '],
    [
      'a socket',
      () => void createConnection(1, '127.0.0.1').on('error', () => {}),
      'a real socket was opened at ',
    ],
    ['a server', () => void createServer().listen(0).close(), 'a real server was opened at '],
  ])('%s fails the test, and says where', (_what, use, expected) => {
    const { message } = failure(use);
    expect(message).toContain(expected);
    expect(message).toContain('Outside.spec.ts:');
    expect(message).toContain('virtual time does not wait for it');
  });

  it('is found inside a conversation, where time runs', () => {
    const { message } = failure(({ connection, expectSent }) => {
      const c = connection('--a');
      of(c)
        .pipe(handle(({ text }) => text.pipe(mergeMap(async (word) => `${word}!`))))
        .subscribe();
      expectSent(c).toBe('--a', { a: 'a!' });
    });
    expect(message).toContain('expected  --a');
    expect(message).toContain('a promise was waited for');
  });

  it('does no harm where nothing waits for it', () => {
    runMarbles(() => {
      void Promise.resolve(1);
      void (async () => {})();
      clearTimeout(setTimeout(() => {}, 1));
      clearImmediate(setImmediate(() => {}));
      timer(5).subscribe();
    });
  });

  it('sees a body that is async', () => {
    expect(failure(async () => {}).message).toContain('the body of runMarbles gave a promise');
  });
});
