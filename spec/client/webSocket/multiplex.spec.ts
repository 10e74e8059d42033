import { describe, expect, it, jest } from '@jest/globals';
import { Observable, Subject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { multiplex, type Part, type Shared } from '../../../src/client/webSocket/multiplex.ts';

const fault = new Error('a fault of the spec');
const fail = (): never => {
  throw fault;
};
const part: Part<string> = {
  subMsg: () => 'sub',
  unsubMsg: () => 'unsub',
  messageFilter: (message) => message !== 'x',
};

/** A part of a shared connection with these messages, and what it sent in which frame. */
function play(
  body: (
    helpers: Parameters<Parameters<TestScheduler['run']>[0]>[0] & {
      partOf: (messages: Observable<string>, more?: Partial<Part<string>>) => Observable<string>;
      sent: [frame: number, message: string][];
      reported: unknown[];
    },
  ) => void,
): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  scheduler.run((helpers) => {
    const sent: [number, string][] = [];
    const reported: unknown[] = [];
    const share = (messages: Observable<string>): Shared<string> => ({
      messages,
      send: (message) => sent.push([scheduler.now(), message]),
      sendLast: (message) => sent.push([scheduler.now(), message]),
      report: (error) => reported.push(error),
    });
    body({
      ...helpers,
      sent,
      reported,
      partOf: (messages, more = {}) => multiplex({ ...part, ...more }, () => share(messages)),
    });
  });
}

describe('multiplex', () => {
  it('sends when it begins and when it ends, and emits what is its own', () => {
    play(({ hot, expectObservable, expectSubscriptions, flush, partOf, sent }) => {
      const messages = hot('-a-x-b-c-');
      const subs = '          --^----!   ';
      const expected = '      -----b-    ';
      expectObservable(partOf(messages), subs).toBe(expected);
      expectSubscriptions(messages.subscriptions).toBe(subs);
      flush();
      expect(sent).toEqual([
        [2, 'sub'],
        [7, 'unsub'],
      ]);
    });
  });

  it.each([
    ['never', '-', '-'],
    ['empty', '|', '|'],
    ['one', '-a|', '-a|'],
    ['many', '-a-b-a|', '-a-b-a|'],
    ['none of its own', '-x-x|', '----|'],
    ['an error', '-a-#', '-a-#'],
  ])('does what the connection does: %s', (_name, source, expected) => {
    play(({ cold, expectObservable, partOf }) => {
      expectObservable(partOf(cold(source))).toBe(expected);
    });
  });

  it('shares the connection, and says its part for each subscriber', () => {
    play(({ hot, expectObservable, flush, partOf, sent }) => {
      const shared = partOf(hot('-a-b-|'));
      expectObservable(shared, '^--!   ').toBe('-a--   ');
      expectObservable(shared, '--^    ').toBe('---b-| ');
      flush();
      expect(sent.map(([, message]) => message)).toEqual(['sub', 'sub', 'unsub', 'unsub']);
    });
  });

  it('errors with what the first message throws, and then says nothing', () => {
    play(({ hot, expectObservable, expectSubscriptions, flush, partOf, sent }) => {
      const messages = hot('-a-');
      expectObservable(partOf(messages, { subMsg: fail })).toBe('#', {}, fault);
      expectSubscriptions(messages.subscriptions).toBe([]);
      flush();
      expect(sent).toEqual([]);
    });
  });

  it('errors with what sending it throws', () => {
    const share = jest.fn<() => Shared<string>>(() => ({
      messages: new Observable(),
      send: fail,
      sendLast: fail,
      report: fail,
    }));
    const told = jest.fn();
    multiplex(part, share).subscribe({ error: told });
    expect(told.mock.calls).toEqual([[fault]]);
  });

  it('errors with what the filter throws, and says its last', () => {
    play(({ hot, expectObservable, expectSubscriptions, flush, partOf, sent }) => {
      const messages = hot('-a-b-');
      const expected = '      -#   ';
      expectObservable(partOf(messages, { messageFilter: fail })).toBe(expected, {}, fault);
      expectSubscriptions(messages.subscriptions).toBe('^!');
      flush();
      expect(sent.map(([, message]) => message)).toEqual(['sub', 'unsub']);
    });
  });

  it('reports what the last message throws, and lets go all the same', () => {
    play(({ hot, expectObservable, expectSubscriptions, flush, partOf, reported }) => {
      const messages = hot('-a-b-');
      const subs = '          ^-!  ';
      expectObservable(partOf(messages, { unsubMsg: fail }), subs).toBe('-a-');
      expectSubscriptions(messages.subscriptions).toBe(subs);
      flush();
      expect(reported).toEqual([fault]);
    });
  });

  it('can be left within a message', () => {
    const messages = new Subject<string>();
    const seen: string[] = [];
    const sent: string[] = [];
    const send = (message: string): void => void sent.push(message);
    const source = multiplex(part, () => ({ messages, send, sendLast: send, report: fail }));
    const subscription = source.subscribe((message) => {
      seen.push(message);
      subscription.unsubscribe();
    });
    messages.next('a');
    messages.next('b');
    expect(seen).toEqual(['a']);
    expect(sent).toEqual(['sub', 'unsub']);
  });
});
