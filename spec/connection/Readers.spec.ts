import { finalize, Observable, Subscriber } from 'rxjs';
import { describe, expect, it, jest } from '@jest/globals';
import { type Kind, type Readable, Readers } from '../../src/connection/Readers.ts';
import { collect } from './contract/Pair.ts';

const stream = (readers: Readers, kind: Kind): Observable<unknown> =>
  new Observable((subscriber) => readers.add(kind, subscriber));

const unheld: Readable = { holds: { isHeld: false }, settle: () => {} };

describe('Readers', () => {
  it('completes all, though the teardown of one throws', () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const readers = new Readers(unheld);
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
    const readers = new Readers(unheld);
    const [messages, text, binary] = (['messages', 'text', 'binary'] as const).map((kind) =>
      collect(stream(readers, kind)),
    );
    const bytes = Uint8Array.of(1);
    readers.next('1', 1);
    readers.next(bytes, 'one');
    expect([messages!.values, text!.values, binary!.values]).toEqual([[1, 'one'], ['1'], [bytes]]);
  });

  it('knows how many there are, and whether values are wanted', () => {
    const readers = new Readers(unheld);
    const text = collect(stream(readers, 'text'));
    expect([readers.count, readers.wantValues(true)]).toEqual([1, false]);
    const messages = collect(stream(readers, 'messages'));
    expect([readers.count, readers.wantValues(true)]).toEqual([2, true]);
    for (const { subscription } of [text, messages, text]) subscription.unsubscribe();
    expect([readers.count, readers.wantValues(true)]).toEqual([0, false]);
  });

  it('delivers to those who were there when it began, unless they have left', () => {
    const readers = new Readers(unheld);
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
    const readers = new Readers(unheld);
    const both = [collect(stream(readers, 'text')), collect(stream(readers, 'binary'))];
    readers.complete();
    expect([both.map(({ isComplete }) => isComplete), readers.count]).toEqual([[true, true], 0]);
  });

  it('tells when somebody comes or leaves', () => {
    const settle = jest.fn();
    const readers = new Readers({ ...unheld, settle });
    const leave = [readers.add('text', new Subscriber()), readers.watch(new Subscriber(), 0)];
    expect(settle).toHaveBeenCalledTimes(2);
    for (const go of leave) go();
    expect(settle).toHaveBeenCalledTimes(4);
  });

  it('has nobody who takes, and nothing unread, while it is held', () => {
    const holds = { isHeld: false };
    const readers = new Readers({ ...unheld, holds });
    expect([readers.isTaken, readers.isUnread]).toEqual([false, true]);
    const leave = readers.add('text', new Subscriber());
    expect([readers.isTaken, readers.isUnread]).toEqual([true, false]);
    holds.isHeld = true;
    expect([readers.isTaken, readers.isUnread]).toEqual([false, false]);
    leave();
    expect([readers.isTaken, readers.isUnread]).toEqual([false, false]);
  });

  it('shows values to who watches, who does not count', () => {
    const readers = new Readers(unheld);
    const watcher = collect(new Observable((subscriber) => readers.watch(subscriber, 0)));
    expect([readers.count, readers.isWatched, readers.wantValues(false)]).toEqual([0, true, true]);
    readers.next('1', 1);
    readers.show(2);
    readers.complete();
    expect(watcher).toMatchObject({ values: [2], isComplete: false });
    readers.completeWatchers();
    expect([watcher.isComplete, readers.isWatched]).toEqual([true, false]);
  });
});
