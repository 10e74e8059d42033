import { watching } from '../../src/connection/watching.ts';
// What `undecodable` makes of it, in pictures.
import { finalize, map, type Observable, retry, timer } from 'rxjs';
import { describe, expect, it, jest } from '@jest/globals';
import { json } from '../../src/codecs/json.ts';
import type { CloseInfo } from '../../src/core/CloseInfo.ts';
import type { Codec } from '../../src/core/Codec.ts';
import { run } from './marbles.ts';

const slow: Codec<string, string> = {
  /** '3 a' is decoded to 'a' in 3 frames; '3 !' cannot be decoded. */
  decode: (data) => ({
    then: (done, fail) => {
      const [ms, text] = (data as string).split(' ') as [string, string];
      timer(Number(ms)).subscribe(() => {
        if (text === '!') fail!(new Error('undecodable'));
        else done!(text);
      });
      return Promise.resolve() as never;
    },
  }),
  encode: (message) => message,
};
const codeOf = (closed: Observable<CloseInfo>): Observable<string> =>
  closed.pipe(map(({ code }) => `${code}`));

describe('a message that cannot be decoded', () => {
  /** 'x' cannot be decoded. */
  const fast: Codec<string, string> = {
    decode: (data) => {
      if (data === 'x') throw new Error('undecodable');
      return data as string;
    },
    encode: (message) => message,
  };
  const later = { a: '3 a', b: '0 b', c: '1 c', x: '2 !', y: '0 !' };
  const error = expect.objectContaining({ code: 'DECODE', cause: new Error('undecodable') });

  it('skip: onError is told, and what follows is delivered', () => {
    const { errors } = run(({ open, says, expectObservable }) => {
      const opened = open({ codec: fast, undecodable: 'skip' });
      const { connection, peer } = opened;
      says(peer, '                                     -a-x-(bxxc)-|');
      expectObservable(connection.messages).toBe('        -a---(bc)---|');
      expectObservable(connection.text).toBe('            -a-x-(bxxc)-|');
      expectObservable(watching(connection.engine)).toBe('-a---(bc)---|');
      return opened;
    });
    expect(errors).toEqual([error, error, error]);
  });

  it('skip: the order is kept where decoding takes its time', () => {
    const { errors } = run(({ open, says, expectObservable }) => {
      const opened = open({ codec: slow, undecodable: 'skip' });
      says(opened.peer, '                                   -(axb)------(yc)|', later);
      expectObservable(opened.connection.messages).toBe('     ----a-b------c--|');
      return opened;
    });
    expect(errors).toEqual([error, error]);
  });

  it('skip: what is never decoded is skipped in the end', () => {
    const { errors } = run(({ open, says, expectObservable }) => {
      const never: Codec<string, string> = {
        decode: (data) => (data === 'x' ? new Promise<never>(() => {}) : (data as string)),
        encode: (message) => message,
      };
      const opened = open({ codec: never, undecodable: 'skip', unreadTimeoutMs: 5 });
      says(opened.peer, '                                   -axb');
      expectObservable(opened.connection.messages).toBe('     -a-----b');
      return opened;
    });
    expect(errors).toEqual([expect.objectContaining({ code: 'DECODE', closeCode: 1007 })]);
  });

  it('skip: is told once of what was shown before it was read, and counts it as read then', () => {
    const { errors } = run(({ open, says, expectObservable }) => {
      const opened = open({ codec: fast, undecodable: 'skip' });
      const { connection, peer } = opened;
      says(peer, '                                               -axb-----c');
      expectObservable(watching(connection.engine)).toBe('-a-b-----c');
      expectObservable(watching(connection.engine), '    --^').toBe('---b-----c');
      expectObservable(connection.messages, '                   -----^').toBe('-----(ab)c');
      return opened;
    });
    expect(errors).toEqual([error]);
  });

  it('skip: without an onError it is a warning', () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    run(({ open, says, expectObservable }) => {
      const opened = open({ codec: json(), undecodable: 'skip' });
      Object.assign(opened.connection.engine.settings, { onError: undefined });
      says(opened.peer, '                               -1{2');
      expectObservable(opened.connection.messages).toBe(' -1-2', { 1: 1, 2: 2 });
    });
    expect(warning.mock.calls).toEqual([['a message is no JSON', expect.anything()]]);
  });

  it('skip: onError may close', () => {
    run(({ open, says, expectObservable }) => {
      const opened = open({ codec: fast, undecodable: 'skip' });
      const { connection, peer } = opened;
      Object.assign(connection.engine.settings, { onError: () => connection.close(4000) });
      says(peer, '                                     -a(xb)');
      expectObservable(connection.messages).toBe('        -a|');
      expectObservable(watching(connection.engine)).toBe('-a|');
      expectObservable(codeOf(connection.closed)).toBe('  --(x|)', { x: '4000' });
    });
  });

  it('error: for who reads messages, and for nobody else; the rest waits', () => {
    const { errors } = run(({ open, says, expectObservable }) => {
      const opened = open({ codec: fast, undecodable: 'error' });
      const { connection, peer } = opened;
      says(peer, '                                               -a-xb------c-|');
      expectObservable(connection.messages).toBe('                  -a-#', undefined, error);
      expectObservable(connection.messages.pipe(map((data) => data))).toBe('-a-#', undefined, error);
      expectObservable(connection.text, '                       ^---!').toBe('-a-x');
      expectObservable(watching(connection.engine)).toBe('-a--b------c-|');
      expectObservable(connection.messages, '                   ---------^').toBe('---------b-c-|');
      expectObservable(codeOf(connection.closed)).toBe('            -------------(x|)', { x: '1000' });
      return opened;
    });
    expect(errors).toEqual([]);
  });

  it.each([
    ['at once', fast, { x: 'x', a: 'a', b: 'b', c: 'c' }, '-a--(bc)-|'],
    ['in time', slow, { a: '0 a', x: '0 !', b: '0 b', c: '0 c' }, '-a--(bc)-|'],
  ])('error: who reads on inside it misses nothing, %s', (_, codec, messages, read) =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open({ codec, undecodable: 'error' });
      says(peer, '                                          -a-x(bxc)|', messages);
      expectObservable(connection.messages.pipe(retry())).toBe(read);
    }),
  );

  it('error: waits for the next reader where the one before left while it was decoded', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open({ codec: slow, undecodable: 'error' });
      says(peer, '                                 -(xb)', later);
      expectObservable(connection.messages, '      ^-!').toBe('-');
      expectObservable(connection.messages, '      -----^').toBe('-----#', undefined, error);
      expectObservable(connection.messages, '      -------^').toBe('-------b');
    }));

  it('error: what nobody reads then closes with 1008', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open({ codec: fast, undecodable: 'error', unreadTimeoutMs: 5 });
      says(peer, '                              -xa');
      expectObservable(connection.messages).toBe(' -#', undefined, error);
      expectObservable(codeOf(connection.closed)).toBe('-------(x|)', { x: '1008' });
    }));

  it('error: after the end too, and only then it is over', () =>
    run(({ open, says, holds, expectObservable }) => {
      const { connection, peer } = open({ codec: fast, undecodable: 'error' });
      says(peer, '                                        --axb#');
      holds(connection, '                                 -^-----!');
      expectObservable(connection.messages).toBe('           -------(a#)', undefined, error);
      expectObservable(connection.messages, '            ---------^').toBe('---------(b|)');
    }));

  it('error: the teardown of one that throws keeps it from no other', () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open({ codec: fast, undecodable: 'error' });
      const thrower = finalize<string>(() => {
        throw new Error('teardown');
      });
      connection.messages.pipe(thrower).subscribe({ error: () => {} });
      says(peer, '                             -xa|');
      expectObservable(connection.messages).toBe('-#', undefined, error);
      expectObservable(connection.messages, '  --^').toBe('--a|');
    });
    expect(warning).toHaveBeenCalledTimes(1);
  });

  it('close: as without it', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open({ codec: fast, undecodable: 'close' });
      says(peer, '                                   -axb');
      expectObservable(connection.messages).toBe('      -a|');
      expectObservable(codeOf(connection.closed)).toBe('--(x|)', { x: '1007' });
    }));
});
