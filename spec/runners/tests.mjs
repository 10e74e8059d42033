// The same two tests for every framework: one that passes, and one that is to fail, whose message is looked at.
import { delay, map, of, startWith } from 'rxjs';
import { flowMap, handle } from 'rxjs-ws';
import { runMarbles } from 'rxjs-ws/testing';

export const passes = () =>
  runMarbles(({ connection, expectSent, expectReading, expectClosed, expectObservable }) => {
    const peer = connection('abc------|');
    const slow = handle(() =>
      peer.text.pipe(
        flowMap(peer, (text) => of(text).pipe(delay(3)), { maxWaiting: 1 }),
        startWith('hello'),
      ),
    );
    expectObservable(
      of(peer).pipe(
        slow,
        map(({ close }) => close.code),
      ),
    ).toBe('---------(x|)', { x: 1000 });
    expectSent(peer).toBe('   h--a--b--c', { h: 'hello' });
    expectReading(peer).toBe('t-f---t');
    expectClosed(peer).toBe(' ---------x', { code: 1000, by: 'peer' });
  });

/** The message that a failing test has. */
export const failure = () => {
  try {
    runMarbles(({ connection, expectSent }) => {
      const peer = connection('--a|');
      of(peer)
        .pipe(handle(({ text }) => text))
        .subscribe();
      expectSent(peer).toBe('---a');
    });
  } catch (error) {
    return error.message;
  }
  throw new Error('it passed, and was to fail');
};

export const expectedFailure = 'expectSent(connection("--a|"))\n\n  expected  ---a\n  actual    --a-';

/** A promise in a pipeline is seen under every framework. */
export const promised = () => {
  try {
    runMarbles(({ connection }) => {
      const peer = connection('--a');
      of(peer)
        .pipe(handle(async () => 'late'))
        .subscribe();
    });
  } catch (error) {
    return error.message.includes('a promise was waited for') && error.message.includes('tests.mjs');
  }
  return false;
};
