import { Subject } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { iterate } from '../../src/connection/iterate.ts';

/** A connection that can be held, and whose messages come when they are told to. */
function open(error?: Error) {
  const messages = new Subject<string>();
  let holds = 0;
  const hold = () => {
    let held = true;
    holds++;
    const unsubscribe = (): void => {
      if (held) holds--;
      held = false;
    };
    return { unsubscribe, [Symbol.dispose]: unsubscribe };
  };
  const iterator = iterate({ messages, hold, endError: () => error });
  return { messages, iterator, holds: () => holds };
}
const done = { done: true, value: undefined };

describe('iterate', () => {
  it('holds from the beginning, and between any two messages', async () => {
    const { messages, iterator, holds } = open();
    expect(holds()).toBe(1);
    const first = iterator.next();
    expect(holds()).toBe(0);
    messages.next('a');
    expect(holds()).toBe(1);
    expect(await first).toEqual({ done: false, value: 'a' });
  });

  it('reads on without a hold while more than one is asked for', async () => {
    const { messages, iterator, holds } = open();
    const asked = [iterator.next(), iterator.next()];
    messages.next('a');
    expect(holds()).toBe(0);
    messages.next('b');
    expect(holds()).toBe(1);
    expect(await Promise.all(asked)).toEqual([
      { done: false, value: 'a' },
      { done: false, value: 'b' },
    ]);
  });

  it('ends well: all who ask get the end, and the hold is gone', async () => {
    const { messages, iterator, holds } = open();
    const asked = [iterator.next(), iterator.next()];
    messages.complete();
    expect(await Promise.all([...asked, iterator.next()])).toEqual([done, done, done]);
    expect(holds()).toBe(0);
  });

  it('ends badly: the first who asks gets the error, all others the end', async () => {
    const error = new Error('lost');
    const waited = open(error);
    const asked = [waited.iterator.next(), waited.iterator.next()];
    waited.messages.complete();
    await expect(asked[0]).rejects.toBe(error);
    expect(await Promise.all([asked[1], waited.iterator.next()])).toEqual([done, done]);

    const later = open(error);
    later.messages.complete();
    expect(later.holds()).toBe(0);
    await expect(later.iterator.next()).rejects.toBe(error);
    expect(await later.iterator.next()).toEqual(done);
  });

  it('returned: unsubscribes, lets go, answers who waits, and throws nothing after', async () => {
    const { messages, iterator, holds } = open(new Error('lost'));
    const asked = iterator.next();
    expect(await iterator.return!()).toEqual(done);
    expect([messages.observed, holds()]).toEqual([false, 0]);
    messages.complete();
    expect(await Promise.all([asked, iterator.next(), iterator.return!()])).toEqual([done, done, done]);
    expect(holds()).toBe(0);
  });
});
