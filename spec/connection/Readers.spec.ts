import { finalize, Observable, Subscriber } from 'rxjs';
import { describe, expect, it, jest } from '@jest/globals';
import { type Kind, Readers } from '../../src/connection/Readers.ts';
import { Watchers } from '../../src/connection/Watchers.ts';
import { collect } from './contract/Pair.ts';

const stream = (readers: Unheld, kind: Kind): Observable<unknown> =>
  new Observable((subscriber) => readers.addReader(kind, subscriber));

class Unheld extends Readers<{ isHeld: boolean }> {
  override readonly settle = jest.fn();

  constructor(held = { isHeld: false }) {
    super(held);
  }
}

describe('Readers', () => {
  it('completes all, though the teardown of one throws', () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const readers = new Unheld();
    const source = new Observable<unknown>((subscriber) => readers.addReader('messages', subscriber));
    const complete = jest.fn();
    const fail = finalize<unknown>(() => {
      throw new Error('teardown');
    });
    source.pipe(fail).subscribe();
    source.subscribe({ complete });
    readers.completeReaders();
    expect([complete.mock.calls.length, warning.mock.calls.length]).toEqual([1, 1]);
  });

  it('gives values to who reads messages, and data to who reads its kind', () => {
    const readers = new Unheld();
    const [messages, text, binary] = (['messages', 'text', 'binary'] as const).map((kind) =>
      collect(stream(readers, kind)),
    );
    const bytes = Uint8Array.of(1);
    readers.tell('1', 1);
    readers.tell(bytes, 'one');
    expect([messages!.values, text!.values, binary!.values]).toEqual([[1, 'one'], ['1'], [bytes]]);
  });

  it('knows how many there are, and whether values are wanted', () => {
    const readers = new Unheld();
    const text = collect(stream(readers, 'text'));
    expect([readers.readerCount, readers.wantValues(true)]).toEqual([1, false]);
    const messages = collect(stream(readers, 'messages'));
    expect([readers.readerCount, readers.wantValues(true)]).toEqual([2, true]);
    for (const { subscription } of [text, messages, text]) subscription.unsubscribe();
    expect([readers.readerCount, readers.wantValues(true)]).toEqual([0, false]);
  });

  it('delivers to those who were there when it began, unless they have left', () => {
    const readers = new Unheld();
    const late: unknown[] = [];
    stream(readers, 'messages').subscribe(() => {
      leaver.subscription.unsubscribe();
      stream(readers, 'messages').subscribe((value) => late.push(value));
    });
    const leaver = collect(stream(readers, 'messages'));
    const stayer = collect(stream(readers, 'messages'));
    readers.tell('a', 'a');
    expect([leaver.values, stayer.values, late]).toEqual([[], ['a'], []]);
    readers.tell('b', 'b');
    expect([leaver.values, stayer.values, late]).toEqual([[], ['a', 'b'], ['b']]);
  });

  it('completes all, and has none after', () => {
    const readers = new Unheld();
    const both = [collect(stream(readers, 'text')), collect(stream(readers, 'binary'))];
    readers.completeReaders();
    expect([both.map(({ isComplete }) => isComplete), readers.readerCount]).toEqual([[true, true], 0]);
  });

  it('tells when somebody comes or leaves', () => {
    const readers = new Unheld();
    const reader = readers.addReader('text', new Subscriber());
    expect(readers.settle).toHaveBeenCalledTimes(1);
    reader.unsubscribe();
    expect(readers.settle).toHaveBeenCalledTimes(2);
  });

  it('has nobody who takes, and nothing unread, while it is held', () => {
    const holds = { isHeld: false };
    const readers = new Unheld(holds);
    expect([readers.isTaken, readers.isUnread]).toEqual([false, true]);
    const reader = readers.addReader('text', new Subscriber());
    expect([readers.isTaken, readers.isUnread]).toEqual([true, false]);
    holds.isHeld = true;
    expect([readers.isTaken, readers.isUnread]).toEqual([false, false]);
    reader.unsubscribe();
    expect([readers.isTaken, readers.isUnread]).toEqual([false, false]);
  });

  it('shows values to who watches, who does not count', () => {
    const readers = new Unheld();
    const watchers = (readers.watchers = new Watchers(() => {}));
    const watcher = collect(new Observable((subscriber) => watchers.add(subscriber, 0)));
    expect([readers.readerCount, readers.isWatched, readers.wantValues(false)]).toEqual([0, true, true]);
    readers.tell('1', 1);
    readers.show(2);
    readers.completeReaders();
    expect(watcher).toMatchObject({ values: [2], isComplete: false });
    readers.completeWatchers();
    expect([watcher.isComplete, readers.isWatched]).toEqual([true, false]);
  });
});
