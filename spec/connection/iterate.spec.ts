import { describe, expect, it } from '@jest/globals';
import { runMarbles } from '../../src/testing/runMarbles.ts';

const value = (letter: string) => ({ status: 'fulfilled', value: { done: false, value: letter } });
const done = { status: 'fulfilled', value: { done: true, value: undefined } };
const lost = {
  status: 'rejected',
  reason: expect.objectContaining({ code: 'CONNECTION_CLOSED' }) as unknown,
};

/** Iterates a connection: `n` asks for the next message, `r` returns. What each of them gave. */
function iterated(incoming: string, asking: string, reading: string, rest?: string): Promise<unknown> {
  const asked: Promise<unknown>[] = [];
  let settled: Promise<unknown>;
  try {
    runMarbles(({ connection, hot, expectReading, expectObservable }) => {
      const c = connection(incoming);
      const iterator = c[Symbol.asyncIterator]();
      hot(asking).subscribe((what) => asked.push(what === 'n' ? iterator.next() : iterator.return!()));
      expectReading(c).toBe(reading);
      if (rest !== undefined) expectObservable(c.messages, ' 5ms ^').toBe(rest);
    });
  } finally {
    const pending = Promise.resolve('nothing yet');
    settled = Promise.allSettled(asked.map((each) => Promise.race([each, pending])));
  }
  return settled;
}

describe('iterate', () => {
  it('holds from the beginning, and between any two messages', async () => {
    const messages = '--a-b-----c';
    const asking = '  -n-----n-n-';
    const reading = ' ftf------tf';
    expect(await iterated(messages, asking, reading)).toEqual([value('a'), value('b'), value('c')]);
  });

  it('reads on without a hold while more than one is asked for', async () => {
    const messages = '--a-b';
    const asking = '  (nn)';
    const reading = ' t---f';
    expect(await iterated(messages, asking, reading)).toEqual([value('a'), value('b')]);
  });

  it('ends well: all who ask get the end, and the hold is gone', async () => {
    const messages = '-----|';
    const asking = '  (nn)--n';
    const reading = ' t';
    expect(await iterated(messages, asking, reading)).toEqual([done, done, done]);
  });

  it('ends badly: the first who asks gets the error, all others the end', async () => {
    const messages = '-----#';
    const waiting = ' (nn)--n';
    expect(await iterated(messages, waiting, 't')).toEqual([lost, done, done]);
    const asking = '  ------(nn)';
    const reading = ' f----t';
    expect(await iterated(messages, asking, reading)).toEqual([lost, done]);
  });

  it('gives what was received before it ends badly', async () => {
    const messages = '-(ab)-#';
    const asking = '  --------n-n-(nn)';
    const reading = ' f---------t';
    expect(await iterated(messages, asking, reading)).toEqual([value('a'), value('b'), lost, done]);
  });

  it('returned: unsubscribes, lets go, answers who waits, and throws nothing after', async () => {
    const messages = '----a--#';
    const others = '  -----a-|';
    const waiting = ' -nr-----(nr)';
    expect(await iterated(messages, waiting, 'ft', others)).toEqual([done, done, done, done]);
    const asking = '  --r-----(nr)';
    const reading = ' f-t';
    expect(await iterated(messages, asking, reading, others)).toEqual([done, done, done]);
  });

  it('returned after a bad end: throws nothing', async () => {
    const messages = '--#';
    const asking = '  ---rn';
    const reading = ' f-t';
    expect(await iterated(messages, asking, reading)).toEqual([done, done]);
  });
});
