import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { BehaviorSubject, firstValueFrom, NEVER, type Observable, Subject, throwError } from 'rxjs';
import { CatchUp, type CatchUpPage } from '../../src/topics/CatchUp.ts';
import { TopicMessage } from '../../src/topics/TopicMessage.ts';

const message = (id: number): TopicMessage<number> => new TopicMessage('a', String(id), id, String(id));

/** A history that is answered when `answer` is called, and what was told. */
function reading(
  after = '0',
  next: (value: number) => void = () => undefined,
  writable?: Observable<boolean>,
) {
  const asked: string[] = [];
  const told: unknown[] = [];
  const answers: Subject<CatchUpPage<number>>[] = [];
  const catchUp = new CatchUp<number>(
    (from) => {
      asked.push(from);
      const answer = new Subject<CatchUpPage<number>>();
      answers.push(answer);
      return firstValueFrom(answer);
    },
    after,
    {
      message: ({ value }) => {
        told.push(value);
        next(value);
      },
      gap: (from) => told.push(`gap after ${from}`),
      failed: (error) => told.push(error),
      done: (last) => told.push(`done ${last}`),
    },
    writable,
  );
  const answer = async (ids: number[], { gap = false, more = false, last = String(ids.at(-1)) } = {}) => {
    answers.shift()!.next({ gap, more, last, messages: ids.map(message) });
    await turn();
    // The next part is asked for a turn later.
    await turn();
  };
  const refuse = async (error: unknown) => {
    answers.shift()!.error(error);
    await turn();
  };
  return { catchUp, asked, told, answer, refuse };
}

describe('CatchUp', () => {
  it('tells the history, then what came meanwhile and was not in it', async () => {
    const { catchUp, asked, told, answer } = reading('1');
    catchUp.start();
    for (const id of [3, 4, 5]) catchUp.live(message(id));
    await answer([2, 3, 4]);
    expect(asked).toEqual(['1']);
    expect(told).toEqual([2, 3, 4, 5, 'done 5']);
  });

  it('tells no more than is writable, reads no more than it tells, and keeps a bounded number meanwhile', async () => {
    const writable = new BehaviorSubject(false);
    const { catchUp, asked, told, answer } = reading(
      '1',
      (value) => writable.next(value % 2 === 1),
      writable,
    );
    catchUp.start();
    await answer([2, 3, 4], { more: true });
    expect(told).toEqual([]);
    writable.next(true);
    expect(told).toEqual([2]);
    for (let id = 5; id < 1_006; id++) catchUp.live(message(id));
    writable.next(true);
    // With 3 it stays writable.
    expect(told).toEqual([2, 3, 4]);
    expect(asked).toEqual(['1']);
    writable.next(true);
    await turn();
    expect(asked).toEqual(['1', '4']);
    catchUp.live(message(8));
    await answer([5, 6, 7]);
    expect(told).toEqual([2, 3, 4, 5, 6]);
    writable.next(true);
    expect(told.slice(5)).toEqual([7, 8, 'done 8']);
    expect(writable.observed).toBe(false);
  });

  it('that waits to be writable reads again when the bus was away, and is left behind when it is stopped', async () => {
    const writable = new BehaviorSubject(false);
    const { catchUp, asked, told, answer } = reading('1', undefined, writable);
    catchUp.start();
    await answer([2, 3]);
    catchUp.start();
    writable.next(true);
    expect(told).toEqual([]);
    await answer([2, 3, 4], { more: true });
    expect(asked).toEqual(['1', '1', '4']);
    writable.next(false);
    await answer([5]);
    catchUp.stop();
    expect(writable.observed).toBe(false);
    writable.next(true);
    expect(told).toEqual([2, 3, 4]);
  });

  it('is not held for ever by what never says or fails', async () => {
    const broken = new Error('broken');
    for (const writable of [NEVER, throwError(() => broken)]) {
      const { catchUp, told, answer } = reading('1', undefined, writable);
      catchUp.start();
      await answer([2]);
      expect(told.filter((each) => each !== broken)).toEqual([2, 'done 2']);
    }
  });

  it('tells all that is kept behind a gap, also to who named what is yet to come', async () => {
    const { catchUp, told, answer } = reading('9');
    catchUp.start();
    await answer([2, 3], { gap: true });
    catchUp.live(message(4));
    expect(told).toEqual(['gap after 9', 2, 3, 'done 3']);
  });

  it('reads part by part, and tells gaps before what follows', async () => {
    const { catchUp, asked, told, answer } = reading('1');
    catchUp.start();
    await answer([5, 6], { gap: true, more: true });
    await answer([7], { more: true });
    await answer([], { last: '7' });
    expect(asked).toEqual(['1', '6', '7']);
    expect(told).toEqual(['gap after 1', 5, 6, 7, 'done 7']);
  });

  it('lets sockets take a part before it reads the next', async () => {
    const { catchUp, asked, answer } = reading('1');
    catchUp.start();
    let turns = 0;
    setImmediate(() => (turns = asked.length));
    await answer([2], { more: true });
    expect(turns).toBe(1);
    expect(asked).toEqual(['1', '2']);
    // Who leaves meanwhile asks for nothing more.
    const left = answer([3], { more: true });
    await Promise.resolve();
    await Promise.resolve();
    catchUp.stop();
    await left;
    expect(asked).toEqual(['1', '2']);
  });

  it('begins again where it stands: the earlier answer is for nobody', async () => {
    const { catchUp, asked, told, answer } = reading();
    catchUp.start();
    catchUp.live(message(1));
    catchUp.start();
    await answer([1]);
    expect(told).toEqual([]);
    await answer([1, 2]);
    expect(asked).toEqual(['0', '0']);
    expect(told).toEqual([1, 2, 'done 2']);
  });

  it('tells a gap where what came before it began again is not there any more', async () => {
    const { catchUp, told, answer } = reading();
    catchUp.start();
    catchUp.live(message(3));
    catchUp.start();
    await answer([]);
    await answer([1, 2], { more: true });
    await answer([4]);
    expect(told).toEqual([1, 2, 'gap after 2', 4, 'done 4']);
    const empty = reading();
    empty.catchUp.start();
    empty.catchUp.live(message(3));
    empty.catchUp.start();
    await empty.answer([]);
    await empty.answer([], { last: '0' });
    expect(empty.told).toEqual(['gap after 0', 'done 0']);
  });

  it('tells in their order what who gets a message publishes, and nothing of it to who leaves then', async () => {
    const { catchUp, told, answer } = reading('1', (value) => {
      if (value === 3) catchUp.live(message(5));
    });
    catchUp.start();
    catchUp.live(message(3));
    catchUp.live(message(4));
    await answer([2]);
    expect(told).toEqual([2, 3, 4, 5, 'done 5']);
    const leaving = reading('1', (value) => {
      if (value === 3) leaving.catchUp.stop();
    });
    leaving.catchUp.start();
    leaving.catchUp.live(message(3));
    leaving.catchUp.live(message(4));
    await leaving.answer([2]);
    expect(leaving.told).toEqual([2, 3]);
  });

  it('reads again where more come than may wait, also while those are told', async () => {
    const { catchUp, asked, told, answer } = reading('0', (value) => {
      if (value === 2) for (let id = 4; id < 1_100; id++) catchUp.live(message(id));
    });
    catchUp.start();
    for (const id of [2, 3]) catchUp.live(message(id));
    await answer([1]);
    expect(asked).toEqual(['0', '1001']);
    expect(told).toEqual(Array.from({ length: 1_001 }, (_, i) => i + 1));
    await answer([1_002], { last: '1002' });
    expect(told.slice(1_001)).toEqual([1_002, 'done 1002']);
  });

  it('takes what it has told already, and what comes again late, for no gap', async () => {
    const { catchUp, told, answer } = reading('5');
    catchUp.live(message(5));
    catchUp.start();
    await answer([], { last: '5' });
    expect(told).toEqual(['done 5']);
  });

  it('reads again where more come than may wait', async () => {
    const { catchUp, asked, told, answer } = reading();
    catchUp.start();
    for (let id = 2; id < 1_100; id++) catchUp.live(message(id));
    await answer([1]);
    expect(told).toEqual([1]);
    await answer([2, 3]);
    expect(asked).toEqual(['0', '1']);
    expect(told).toEqual([1, 2, 3, 'done 3']);
  });

  it('takes a history that cannot be read for a gap, and goes on', async () => {
    const { catchUp, told, refuse } = reading('1');
    catchUp.start();
    catchUp.live(message(7));
    await refuse('refused');
    expect(told).toEqual(['refused', 'gap after 1', 7, 'done 7']);
  });

  it('tells nothing more when it is stopped, by who gets a message too', async () => {
    const { catchUp, told, answer, refuse } = reading();
    catchUp.start();
    catchUp.stop();
    await answer([1]);
    catchUp.start();
    catchUp.stop();
    await refuse('refused');
    expect(told).toEqual([]);
  });
});
