import { finalize, Observable } from 'rxjs';
import { describe, expect, it, jest } from '@jest/globals';
import { type Kind, Readers } from '../../src/connection/Readers.ts';
import { collect } from './contract/Pair.ts';

const stream = (readers: Readers, kind: Kind): Observable<unknown> =>
  new Observable((subscriber) => readers.add(kind, subscriber));

describe('Readers', () => {
  it('completes all, though the teardown of one throws', () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const readers = new Readers();
    const source = new Observable<unknown>((subscriber) => readers.add('messages', subscriber));
    const complete = jest.fn();
    const fail = finalize<unknown>(() => {
      throw new Error('teardown');
    });
    source.pipe(fail).subscribe();
    source.subscribe({ complete });
    readers.complete();
    expect([complete.mock.calls.length, warning.mock.calls.length]).toEqual([1, 1]);
  });

  it('gives values to who reads messages, and data to who reads its kind', () => {
    const readers = new Readers();
    const [messages, text, binary] = (['messages', 'text', 'binary'] as const).map((kind) =>
      collect(stream(readers, kind)),
    );
    const bytes = Uint8Array.of(1);
    readers.next('1', 1);
    readers.next(bytes, 'one');
    expect([messages!.values, text!.values, binary!.values]).toEqual([[1, 'one'], ['1'], [bytes]]);
  });

  it('knows how many there are, and whether values are wanted', () => {
    const readers = new Readers();
    const text = collect(stream(readers, 'text'));
    expect([readers.count, readers.decoded]).toEqual([1, false]);
    const messages = collect(stream(readers, 'messages'));
    expect([readers.count, readers.decoded]).toEqual([2, true]);
    for (const { subscription } of [text, messages, text]) subscription.unsubscribe();
    expect([readers.count, readers.decoded]).toEqual([0, false]);
  });

  it('delivers to those who were there when it began, unless they have left', () => {
    const readers = new Readers();
    const late: unknown[] = [];
    stream(readers, 'messages').subscribe(() => {
      leaver.subscription.unsubscribe();
      stream(readers, 'messages').subscribe((value) => late.push(value));
    });
    const leaver = collect(stream(readers, 'messages'));
    const stayer = collect(stream(readers, 'messages'));
    readers.next('a', 'a');
    expect([leaver.values, stayer.values, late]).toEqual([[], ['a'], []]);
    readers.next('b', 'b');
    expect([leaver.values, stayer.values, late]).toEqual([[], ['a', 'b'], ['b']]);
  });

  it('completes all, and has none after', () => {
    const readers = new Readers();
    const both = [collect(stream(readers, 'text')), collect(stream(readers, 'binary'))];
    readers.complete();
    expect([both.map(({ isComplete }) => isComplete), readers.count]).toEqual([[true, true], 0]);
  });
});
