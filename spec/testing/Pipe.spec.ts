import { Buffer } from 'node:buffer';
import { describe, expect, it, jest } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { Pipe, type PipeTerms } from '../../src/testing/Pipe.ts';
import { pass } from '../core/passing.ts';

/** A pipe, each turn of which is a task of virtual time, and what has arrived: `a@5`, `|` for the end. */
function pipe(terms: Partial<PipeTerms> = {}, accept: (seen: readonly string[]) => boolean = () => true) {
  const time = new VirtualTimeScheduler();
  const seen: string[] = [];
  const clock = {
    now: () => time.now(),
    later: (task: () => void) => void time.schedule(task),
    afterIo: (task: () => void) => void time.schedule(task),
    schedule: (task: () => void, delayMs: number) => {
      const action = time.schedule(task, delayMs);
      return () => action.unsubscribe();
    },
  };
  const made = new Pipe({ clock, latencyMs: 0, chunkBytes: Infinity, bufferBytes: 10, ...terms }, (chunk) => {
    seen.push(`${chunk === undefined ? '|' : Buffer.from(chunk).toString()}@${time.now()}`);
    return accept(seen);
  });
  const taken = jest.fn<(text: string) => void>();
  const write = (text: string): void => made.write(Buffer.from(text), () => taken(text));
  return { pipe: made, write, taken, seen, pass: (ms: number) => pass(time, ms), time };
}

describe('Pipe', () => {
  it('delivers in a later turn, in order, in as few chunks as can be, and then the end', () => {
    const { pipe: made, write, seen, pass } = pipe();
    made.want();
    write('a');
    write('b');
    made.end();
    made.end();
    expect(seen).toEqual([]);
    pass(1);
    expect(seen).toEqual(['ab@0', '|@0']);
  });

  it('delivers nothing that is not wanted, but for the end', () => {
    const { pipe: made, write, seen, pass } = pipe({ chunkBytes: 1 }, () => false);
    write('abc');
    pass(1);
    expect(seen).toEqual([]);
    made.want();
    pass(1);
    expect(seen).toEqual(['a@1']);
    made.want();
    made.want();
    pass(1);
    expect(seen).toEqual(['a@1', 'b@2']);
    const ending = pipe();
    ending.pipe.end();
    ending.pass(1);
    expect(ending.seen).toEqual(['|@0']);
  });

  it('delivers what is asked for while it delivers', () => {
    const {
      pipe: made,
      write,
      seen,
      pass,
    } = pipe({ chunkBytes: 1 }, () => {
      made.want();
      return false;
    });
    made.want();
    write('ab');
    pass(1);
    expect(seen).toEqual(['a@0', 'b@0']);
  });

  it('cuts into chunks, across what was written', () => {
    const { pipe: made, write, seen, pass } = pipe({ chunkBytes: 2 });
    made.want();
    write('abc');
    write('d');
    write('e');
    made.end();
    pass(1);
    expect(seen).toEqual(['ab@0', 'cd@0', 'e@0', '|@0']);
  });

  it('delivers at most 64 KiB at a time', () => {
    const { pipe: made, write, seen, pass } = pipe();
    made.want();
    write('x'.repeat(100_000));
    pass(1);
    expect(seen.map((chunk) => chunk.length - '@0'.length)).toEqual([65_536, 34_464]);
  });

  it('takes as much as there is room for, and what goes beyond it when there is again', () => {
    const { pipe: made, write, taken, pass } = pipe({ chunkBytes: 1 }, (seen) => seen.length < 2);
    write('12345');
    write('67890');
    expect(taken.mock.calls).toEqual([['12345'], ['67890']]);
    write('xy');
    expect(taken).toHaveBeenCalledTimes(2);
    made.want();
    pass(1);
    // Two bytes have arrived.
    expect(taken).toHaveBeenCalledTimes(3);
  });

  it('takes nothing that has not arrived where there is no room at all, but what is empty', () => {
    const { pipe: made, write, taken, seen, pass } = pipe({ bufferBytes: 0 });
    write('');
    expect(taken.mock.calls).toEqual([['']]);
    write('a');
    pass(1);
    expect(taken).toHaveBeenCalledTimes(1);
    made.want();
    pass(1);
    expect([taken.mock.calls.length, seen]).toEqual([2, ['a@1']]);
  });

  it('keeps a copy', () => {
    const { pipe: made, seen, pass } = pipe();
    const bytes = Buffer.from('a');
    made.want();
    made.write(bytes, () => {});
    bytes.write('b');
    pass(1);
    expect(seen).toEqual(['a@0']);
  });

  it('delays each write by the latency, and the end too', () => {
    const { pipe: made, write, seen, pass, time } = pipe({ latencyMs: 5 });
    made.want();
    write('a');
    pass(2);
    write('b');
    made.end();
    pass(2);
    expect(seen).toEqual([]);
    pass(10);
    expect(seen).toEqual(['a@5', 'b@7', '|@7']);
    expect(time.actions).toEqual([]);
  });

  it('delivers nothing under a stall, not the end either, and all of it afterwards', () => {
    const { pipe: made, write, seen, pass } = pipe({ latencyMs: 5 });
    made.want();
    write('a');
    made.stall();
    made.end();
    pass(10);
    expect(seen).toEqual([]);
    made.resume();
    pass(1);
    expect(seen).toEqual(['a@10', '|@10']);
  });

  it('hurries: no latency, no stall, no small chunks', () => {
    const { pipe: made, write, seen, pass, time } = pipe({ latencyMs: 5, chunkBytes: 1 });
    made.want();
    made.stall();
    write('a');
    made.hurry();
    write('b');
    made.stall();
    pass(1);
    expect(seen).toEqual(['ab@0']);
    expect(time.actions).toEqual([]);
  });

  it('delivers what is abandoned too, wanted or not, so that who writes does not wait for ever', () => {
    const { pipe: made, write, seen, taken, pass } = pipe({ bufferBytes: 0 }, () => false);
    made.stall();
    write('a');
    made.abandon();
    pass(1);
    expect([seen, taken.mock.calls]).toEqual([['a@0'], [['a']]]);
    write('b');
    pass(1);
    expect(seen).toEqual(['a@0', 'b@1']);
  });

  it('delivers nothing once it is cleared, and leaves no timer', () => {
    const { pipe: made, write, seen, taken, pass, time } = pipe({ latencyMs: 5, bufferBytes: 0 });
    made.want();
    write('a');
    made.clear();
    expect(time.actions).toEqual([]);
    pass(10);
    expect([seen, taken.mock.calls]).toEqual([[], []]);
  });
});
