import { describe, expect, it, jest } from '@jest/globals';
import { asapScheduler, map, type Observable, tap } from 'rxjs';
import type { ConnectConfig, Dialable } from '../../src/client/ConnectConfig.ts';
import { type ClientConnection, opening } from '../../src/client/opening.ts';
import type { ConnectionClosedError } from '../../src/core/ConnectionClosedError.ts';
import type { CloseInfo } from '../../src/core/CloseInfo.ts';
import { type ClientMarbles, marbles, type MemoryDial } from './marbles.ts';

const url = 'ws://user:secret@a.test/chat?token=1';

/** An open connection to play with, and the error that its end is. */
function playEnd(
  config: Partial<ConnectConfig<string, string>>,
  play: (memory: MemoryDial, connection: ClientConnection<string, string>, helpers: ClientMarbles) => void,
): { error: ConnectionClosedError | undefined; close: CloseInfo } {
  let error: ConnectionClosedError | undefined;
  let close: CloseInfo | undefined;
  marbles((helpers) => {
    const memory = helpers.memory('d');
    const follow = (connection: ClientConnection<string, string>): void => {
      connection.messages.subscribe();
      connection.closed.subscribe((info) => {
        close = info;
        error = connection.engine.endError();
      });
      play(memory, connection, helpers);
    };
    opening({ url, ...config }, memory.dial).subscribe(follow);
  });
  return { error, close: close! };
}

describe('opening', () => {
  describe('what it dials', () => {
    const requestOf = (dialable: Dialable<string, string>): unknown => {
      const requests: unknown[] = [];
      marbles(({ memory }) => {
        const { dial } = memory('-');
        opening(dialable, (request) => {
          requests.push({ ...request, url: request.url.href });
          return dial(request);
        }).subscribe();
      });
      expect(requests).toHaveLength(1);
      return requests[0];
    };

    it('has the documented defaults', () => {
      expect(requestOf('http://user:secret@a.test/chat?token=1')).toEqual({
        url,
        where: 'ws://a.test/chat',
        protocols: [],
        headers: {},
        tls: undefined,
        perMessageDeflate: true,
        handshakeTimeoutMs: 10_000,
        maxMessageBytes: 1_048_576,
        scheduler: undefined,
      });
    });

    it('has what the config says', () => {
      const chosen = {
        protocols: ['a'],
        headers: { 'x-a': 'b' },
        tls: { servername: 'a' },
        perMessageDeflate: { threshold: 5 },
        handshakeTimeoutMs: 7,
        maxMessageBytes: 9,
        scheduler: asapScheduler,
      };
      expect(requestOf(() => ({ url, ...chosen }))).toMatchObject(chosen);
    });
  });

  describe('what it emits', () => {
    const view = ({ handshake, context, protocol }: ClientConnection<unknown, unknown>): unknown => ({
      href: handshake.url.href,
      path: handshake.path,
      token: handshake.query.get('token'),
      headers: handshake.headers,
      remoteAddress: handshake.remoteAddress,
      context,
      protocol,
    });
    const expected = {
      href: 'ws://a.test/chat?token=1',
      path: '/chat',
      token: '1',
      headers: { server: 'memory' },
      remoteAddress: '192.0.2.1',
      context: undefined,
      protocol: 'memory',
    };

    it('is the open connection, without the password', () => {
      marbles(({ memory, expectObservable }) => {
        const { dial, expectDialled } = memory('--(d|)');
        expectObservable(opening(url, dial).pipe(map(view))).toBe('--(c|)', { c: expected });
        expectDialled('^-!');
      });
    });

    it('takes its events at once: nothing is lost between', () => {
      marbles(({ memory }) => {
        const { dial, transport } = memory('--(d|)');
        opening(url, dial)
          .pipe(tap(() => expect(transport.framesOf('open')).toEqual([2])))
          .subscribe();
      });
      expect.assertions(1);
    });

    it('dials anew for each subscription', () => {
      marbles(({ memory, expectObservable }) => {
        const { dial, expectDialled } = memory('--#', new Error('refused'));
        const source = opening(url, dial);
        expectObservable(source).toBe('--#', {}, new Error('refused'));
        expectObservable(source, '---^').toBe('-----#', {}, new Error('refused'));
        expectDialled('^-!', '---^-!');
      });
    });

    it('stops dialling on unsubscribe', () => {
      marbles(({ memory, expectObservable }) => {
        const { dial, expectDialled } = memory('----(d|)');
        expectObservable(opening(url, dial), '^-!').toBe('---');
        expectDialled('^-!');
      });
    });

    it('errors for a bad URL, and dials nothing', () => {
      marbles(({ memory, expectObservable }) => {
        const { dial, requests } = memory('d');
        const error: unknown = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
        for (const bad of ['no url', 'ftp://a.test/', 'ws://a.test/#a']) {
          expectObservable(opening(bad, dial)).toBe('#', {}, error);
        }
        expect(requests).toEqual([]);
      });
    });
  });

  describe('which end is an error', () => {
    it.each([
      [1000, false],
      [1005, false],
      [1001, true],
      [1011, true],
      [4000, true],
    ])('by the peer with %p: %p', (code, isError) => {
      const { error } = playEnd({}, ({ transport }) => transport.peer.close(code));
      expect(error !== undefined).toBe(isError);
      if (error !== undefined)
        expect(error).toMatchObject({ code: 'CONNECTION_CLOSED', close: { code, by: 'peer' } });
    });

    it('from here: none, with any code', () => {
      expect(playEnd({}, (_memory, connection) => connection.close(4000)).error).toBe(undefined);
    });

    it('from here because of an error: an error, though clean', () => {
      const thrown = new Error('not today');
      const codec = {
        encode: String,
        decode: () => {
          throw thrown;
        },
      };
      const onError = jest.fn();
      const { error } = playEnd({ codec, onError }, ({ transport }) => transport.peer.send('a'));
      expect(error).toMatchObject({ close: { code: 1007, by: 'local', wasClean: true, error: thrown } });
      expect(onError).toHaveBeenCalledTimes(1);
    });

    it('lost: an error', () => {
      const reset = new Error('ECONNRESET');
      const { error } = playEnd({}, ({ transport }) => transport.peer.cut(reset));
      expect(error).toMatchObject({ cause: reset, close: { code: 1006, wasClean: false } });
    });

    it('cut from here: an error', () => {
      const { error } = playEnd({}, (_memory, connection) => connection.terminate());
      expect(error).toMatchObject({ close: { code: 1006, by: 'local' } });
    });

    it('is for `closeIsError` to say', () => {
      const closeIsError = jest.fn(({ code }: CloseInfo) => code === 1000);
      const ended = ({ transport }: MemoryDial): void => transport.peer.close(1000);
      expect(playEnd({ closeIsError }, ended).error).toMatchObject({ close: { code: 1000 } });
      expect(playEnd({ closeIsError }, ({ transport }) => transport.peer.cut()).error).toBe(undefined);
      expect(closeIsError.mock.lastCall).toMatchObject([{ code: 1006, by: 'network' }]);
    });

    it('is an error where `closeIsError` throws, which `onError` gets', () => {
      const thrown = new Error('mine');
      const onError = jest.fn();
      const closeIsError = (): boolean => {
        throw thrown;
      };
      const { error } = playEnd({ closeIsError, onError }, ({ transport }) => transport.peer.close(1000));
      expect(error).toMatchObject({ close: { code: 1000 } });
      expect(onError.mock.calls).toEqual([[thrown, expect.objectContaining({ state: 'closed' })]]);
    });
  });

  describe('a signal', () => {
    const opened = (source: Observable<unknown>): Observable<string> => source.pipe(map(() => 'c'));

    it('that was aborted before: its reason is the error, and nothing is dialled', () => {
      marbles(({ memory, expectObservable }) => {
        const { dial, expectDialled } = memory('d');
        const source = opening({ url, signal: AbortSignal.abort('no') }, dial);
        expectObservable(source).toBe('#', {}, 'no');
        expectDialled();
      });
    });

    it('that is aborted while it dials: its reason is the error', () => {
      marbles(({ memory, cold, expectObservable }) => {
        const { dial, expectDialled } = memory('----d');
        const controller = new AbortController();
        cold('--x').subscribe(() => controller.abort('changed my mind'));
        const source = opening({ url, signal: controller.signal }, dial);
        expectObservable(opened(source)).toBe('--#', {}, 'changed my mind');
        expectDialled('^-!');
      });
    });

    it('that is aborted later: closes with 1000, and then no end is an error', () => {
      const controller = new AbortController();
      const { signal } = controller;
      const { error, close } = playEnd({ signal }, ({ transport }, connection, { cold }) => {
        transport.peer.closeMs = Infinity;
        cold('--x').subscribe(() => controller.abort());
        cold('---x').subscribe(() => {
          expect(connection.state).toBe('closing');
          transport.peer.cut();
        });
      });
      expect(close).toMatchObject({ code: 1000, by: 'local', wasClean: false });
      expect(error).toBe(undefined);
      expect.assertions(3);
    });

    it('is not listened to after the end', () => {
      const controller = new AbortController();
      const { signal } = controller;
      const add = jest.spyOn(signal, 'addEventListener');
      const remove = jest.spyOn(signal, 'removeEventListener');
      playEnd({ signal }, ({ transport }) => transport.peer.close(1000));
      expect(add).toHaveBeenCalledTimes(2);
      expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(
        add.mock.calls.map(([, listener]) => listener),
      );
    });
  });
});
