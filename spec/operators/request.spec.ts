import { describe, expect, it, jest } from '@jest/globals';
import { catchError, EMPTY, map, merge, type Observable, Subject, switchMap, take } from 'rxjs';
import type { Codec } from '../../src/core/Codec.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import type { Peer } from '../../src/core/Peer.ts';
import { json } from '../../src/codecs/json.ts';
import { prepare } from '../../src/codecs/prepare.ts';
import { flowMap } from '../../src/operators/flowMap.ts';
import { request } from '../../src/operators/request.ts';
import { type Marbles, type Opened, run } from '../connection/marbles.ts';

const timeoutMs = 9;
const isR = (message: Data): boolean => message === 'r';
const late = expect.objectContaining({ code: 'REQUEST_TIMEOUT', name: 'RequestTimeoutError' });
const closed = (code: number): unknown =>
  expect.objectContaining({ code: 'CONNECTION_CLOSED', close: expect.objectContaining({ code }) });
const notSent = expect.objectContaining({ code: 'NOT_SENT', name: 'NotSentError' });

/** A connection that somebody reads, as it should be. */
function read(
  marbles: Marbles,
  ...args: Parameters<typeof marbles.open<Data, Sendable>>
): Opened<Data, Sendable> {
  const opened = marbles.open<Data, Sendable>(...args);
  opened.connection.messages.subscribe();
  return opened;
}

describe('request', () => {
  it('never answered: the deadline', () =>
    run((marbles) => {
      const { connection, peer } = read(marbles);
      marbles.expectObservable(marbles.sent(peer)).toBe('q');
      marbles
        .expectObservable(request(connection, 'q', { matches: isR, timeoutMs }))
        .toBe('---------#', {}, late);
    }));

  it('never answered: 10 s are the default', () =>
    run((marbles) => {
      const { connection } = read(marbles);
      marbles.expectObservable(request(connection, 'q', { matches: isR })).toBe('10s #', {}, late);
    }));

  it('answered: emits the reply, and completes', () =>
    run((marbles) => {
      const { connection, peer } = read(marbles);
      marbles.says(peer, '                                                            -a-r-r-|');
      marbles
        .expectObservable(marbles.sent(peer))
        .toBe('                         q------|'.replace('|', '(x|)'), { q: 'q', x: '#1000' });
      marbles.expectObservable(request(connection, 'q', { matches: isR, timeoutMs })).toBe('---(r|)');
    }));

  it('cold: asks at each subscription, and not before', () =>
    run((marbles) => {
      const { connection, peer } = read(marbles);
      const asking = request(connection, 'q', { matches: isR, timeoutMs });
      marbles.says(peer, '                          -r------r');
      marbles.expectObservable(marbles.sent(peer)).toBe('q----q');
      marbles.expectObservable(asking).toBe('             -(r|)');
      marbles.expectObservable(asking, '-----^').toBe('   --------(r|)');
    }));

  it('early unsubscribe: looks no further', () => {
    const matches = jest.fn(isR);
    run((marbles) => {
      const { connection, peer } = read(marbles);
      marbles.says(peer, '-a--r');
      marbles.expectObservable(request(connection, 'q', { matches, timeoutMs }), '^--!').toBe('---');
    });
    expect(matches.mock.calls).toEqual([['a']]);
  });

  it('reentrant: the reply comes inside the call that asks', () =>
    run((marbles) => {
      const { connection, peer } = read(marbles);
      peer.received.subscribe(() => peer.send('r'));
      marbles.expectObservable(request(connection, 'q', { matches: isR, timeoutMs })).toBe('(r|)');
    }));

  it('sees no reply in what had arrived before: unread, or held', () =>
    run((marbles) => {
      for (const isHeld of [false, true]) {
        const { connection, peer } = marbles.open();
        marbles.says(peer, 'r-----r');
        if (isHeld) marbles.holds(connection, '^---!');
        const asking = request(connection, 'q', { matches: isR, timeoutMs });
        marbles.expectObservable(asking, '--^').toBe('------(r|)');
      }
    }));

  it('leaves everything to who reads, the reply and a second one too; decoded once', () => {
    const given: Data[] = [];
    const codec: Codec<string, string> = {
      decode: (data) => {
        given.push(data);
        return `${data as string}!`;
      },
      encode: (message) => message,
    };
    run((marbles) => {
      const { connection, peer } = marbles.open({ codec });
      marbles.says(peer, '                                   -a-r-r-----b');
      const values = { a: 'a!', r: 'r!', b: 'b!' };
      const matches = (message: string): boolean => message === 'r!';
      marbles.expectObservable(request(connection, 'q', { matches, timeoutMs })).toBe('---(r|)', values);
      marbles.expectObservable(connection.messages, '------^').toBe('------(arr)b', values);
    });
    expect(given).toEqual(['a', 'r', 'r', 'b']);
  });

  it('keeps each to its own, whatever the order of the replies', () =>
    run((marbles) => {
      const { connection, peer } = marbles.open({ codec: json<{ id: number }>() });
      connection.messages.subscribe();
      const ask = (id: number): Observable<string> =>
        request(connection, { id }, { matches: (reply) => reply.id === id, timeoutMs }).pipe(
          map((reply) => `${reply.id}`),
        );
      marbles.says(peer, '                  -c--b-a-a', { a: '{"id":1}', b: '{"id":2}', c: '{"id":3}' });
      marbles.expectObservable(ask(1)).toBe('------(1|)');
      marbles.expectObservable(ask(2)).toBe('----(2|)');
      marbles.expectObservable(ask(3)).toBe('-(3|)');
    }));

  it('ignores a reply that is late', () =>
    run((marbles) => {
      const { connection, peer } = read(marbles);
      marbles.says(peer, '----r');
      marbles
        .expectObservable(request(connection, 'q', { matches: isR, timeoutMs: 3 }))
        .toBe('---#', {}, late);
      marbles
        .expectObservable(request(connection, 'q', { matches: isR, timeoutMs: Infinity }))
        .toBe('----(r|)');
    }));

  it('sends what was prepared', () =>
    run((marbles) => {
      const codec = json<number, number>();
      const { connection, peer } = marbles.open({ codec });
      marbles.expectObservable(marbles.sent(peer)).toBe('1');
      request(connection, prepare(1, codec), { matches: () => true, timeoutMs }).subscribe({
        error: () => {},
      });
    }));

  describe('errors', () => {
    it.each([
      ['lost', '---#', 1006],
      ['closed by the peer', '---|', 1000],
    ])('where the connection was %s before the reply', (_, end, code) =>
      run((marbles) => {
        const { connection, peer } = read(marbles);
        marbles.says(peer, end);
        marbles
          .expectObservable(request(connection, 'q', { matches: isR, timeoutMs }))
          .toBe('---#', {}, closed(code));
        marbles
          .expectObservable(request(connection, 'q', { matches: isR, timeoutMs }), '-----^')
          .toBe('-----#', {}, closed(code));
      }),
    );

    it('where this end closes, and where it is about to', () =>
      run((marbles) => {
        const { connection, peer } = read(marbles);
        peer.closeMs = 3;
        marbles.does('--c', { c: () => connection.close(4000) });
        marbles
          .expectObservable(request(connection, 'q', { matches: isR, timeoutMs }))
          .toBe('-----#', {}, closed(4000));
        marbles
          .expectObservable(request(connection, 'q', { matches: isR, timeoutMs }), '---^')
          .toBe('---#', {}, closed(4000));
      }));

    it('where what is sent cannot be encoded', () =>
      run((marbles) => {
        const { connection } = marbles.open({ codec: json<unknown, unknown>() });
        const error = expect.objectContaining({
          close: expect.objectContaining({ code: 1011 }),
          cause: expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
        });
        marbles
          .expectObservable(request(connection, undefined, { matches: () => true }))
          .toBe('#', {}, error);
      }));

    it('where a reply cannot be decoded', () =>
      run((marbles) => {
        const { connection, peer } = marbles.open({ codec: json<unknown, unknown>() });
        marbles.says(peer, '--x', { x: '{' });
        marbles
          .expectObservable(request(connection, 1, { matches: () => true }))
          .toBe('--#', {}, closed(1007));
      }));

    it('where the queue drops it: it was not taken', () =>
      run((marbles) => {
        const { connection, peer } = read(marbles, { overflow: 'dropNewest', maxQueuedBytes: 1 });
        peer.stop(0);
        for (const filler of 'ab') connection.send(filler);
        marbles.expectObservable(request(connection, 'q', { matches: isR })).toBe('#', {}, notSent);
      }));

    it('where the queue is full and says so: with its error', () =>
      run((marbles) => {
        const { connection, peer } = read(marbles, { overflow: 'error', maxQueuedBytes: 1 });
        peer.stop(0);
        connection.send('a');
        const overflow = expect.objectContaining({ code: 'OVERFLOW' });
        marbles.expectObservable(request(connection, 'q', { matches: isR })).toBe('#', {}, overflow);
        expect(connection.state).toBe('open');
      }));

    it('with what `matches` throws, and touches nobody else', () =>
      run((marbles) => {
        const { connection, peer } = read(marbles);
        const bug = new Error('bug');
        const matches = (): boolean => {
          throw bug;
        };
        marbles.says(peer, '-a-r');
        marbles.expectObservable(request(connection, 'q', { matches })).toBe('-#', {}, bug);
        marbles.expectObservable(request(connection, 'q', { matches: isR })).toBe('---(r|)');
        marbles.expectObservable(connection.messages).toBe('-a-r');
      }));

    it('where `matches` gives a promise, which would always be true', () =>
      run((marbles) => {
        const { connection, peer } = read(marbles);
        const matches = (() => Promise.reject(new Error('later'))) as unknown as () => boolean;
        marbles.says(peer, '-a');
        const error = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
        marbles.expectObservable(request(connection, 'q', { matches })).toBe('-#', {}, error);
      }));

    it('says what is wrong where it waits on the connection that it holds; that goes on by itself', () => {
      const errors: string[] = [];
      run((marbles) => {
        const { connection, peer } = marbles.open();
        const ask = (): Observable<unknown> =>
          request(connection, 'q', { matches: isR, timeoutMs }).pipe(
            catchError(({ message }: Error) => {
              errors.push(message);
              return EMPTY;
            }),
          );
        marbles.says(peer, '                       (ab)-r');
        marbles.expectObservable(marbles.sent(peer)).toBe('q 8ms q 8ms q', undefined);
        connection.messages.pipe(flowMap(connection, ask)).subscribe();
      });
      expect(errors).toEqual([
        expect.stringMatching(/within 9 ms.*held/),
        expect.stringMatching(/within 9 ms.*held/),
        expect.not.stringMatching(/held/),
      ]);
    });
  });

  describe('a peer that is no connection', () => {
    const peerOf = (messages: Observable<string>, send = (): boolean => true): Peer<string, string> => ({
      messages,
      send,
    });

    it('is read', () =>
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const messages = hot('-a-r-r');
        const send = jest.fn(() => true);
        expectObservable(request(peerOf(messages, send), 'q', { matches: isR, timeoutMs })).toBe('---(r|)');
        expectSubscriptions(messages.subscriptions).toBe('^--!');
      }));

    it('may not take it, end, fail, or throw', () =>
      run(({ cold, expectObservable }) => {
        const error = new Error('its own');
        const fail = (): boolean => {
          throw error;
        };
        expectObservable(
          request(
            peerOf(cold('-'), () => false),
            'q',
            { matches: isR },
          ),
        ).toBe('#', {}, notSent);
        expectObservable(request(peerOf(cold('-'), fail), 'q', { matches: isR })).toBe('#', {}, error);
        expectObservable(request(peerOf(cold('--|')), 'q', { matches: isR })).toBe('--#', {}, closed(1006));
        expectObservable(request(peerOf(cold('--#', {}, error)), 'q', { matches: isR })).toBe(
          '--#',
          {},
          error,
        );
        expectObservable(request(peerOf(cold('-')), 'q', { matches: isR, timeoutMs })).toBe(
          '---------#',
          {},
          late,
        );
      }));

    it('takes its time from the scheduler that it is given', () => {
      const errors: unknown[] = [];
      run(({ scheduler }) => {
        const silent = peerOf(new Subject());
        request(silent, 'q', { matches: isR, timeoutMs, scheduler }).subscribe({
          error: (error) => errors.push(error, scheduler.now()),
        });
      });
      expect(errors).toEqual([late, 9]);
    });
  });

  it('works inside a handler that reads, in both directions', () =>
    run((marbles) => {
      const { connection, peer } = marbles.open();
      const asked = connection.messages.pipe(
        take(1),
        switchMap((name) =>
          merge(
            request(connection, `who is ${name as string}?`, { matches: (m) => m !== name, timeoutMs }),
            connection.messages,
          ),
        ),
      );
      marbles.says(peer, '                       -a--b');
      marbles.expectObservable(marbles.sent(peer)).toBe('-q', { q: 'who is a?' });
      marbles.expectObservable(asked).toBe('    ----(bb)');
    }));
});
