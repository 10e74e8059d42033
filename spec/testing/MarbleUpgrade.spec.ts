import { describe, expect, it } from '@jest/globals';
import { concatMap, delay, map, merge, NEVER, of, tap, throwError, timer } from 'rxjs';
import { json } from '../../src/codecs/json.ts';
import { accept } from '../../src/server/accept.ts';
import { handle } from '../../src/server/handle.ts';
import { reject } from '../../src/server/reject.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { failure } from './failure.ts';

describe('upgrade(…)', () => {
  it('comes, is accepted, talks and goes', () => {
    runMarbles(({ upgrade, hot, expectAnswered, expectSent, expectClosed, expectObservable }) => {
      const u = upgrade('--a-b|', {}, { url: 'ws://localhost/chat?room=1' });
      const ended = hot('-u', { u }).pipe(
        accept(({ query }) => ({ context: query.get('room'), headers: { 'X-Room': '1' } })),
        handle(({ text, context }) => text.pipe(map((word) => `${context}${word}`))),
        map(({ close }) => close.code),
      );
      expectObservable(ended).toBe('------x', { x: 1000 });
      expectAnswered(u).toBe('-x', { status: 101, protocol: '', headers: { 'x-room': '1' } });
      expectSent(u).toBe('---a-b', { a: '1a', b: '1b' });
      expectClosed(u).toBe('------x', { code: 1000, by: 'peer' });
    });
  });

  it('loses nothing that comes while it is decided', () => {
    runMarbles(({ upgrade, expectAnswered, expectSent }) => {
      const u = upgrade('abc');
      of(u)
        .pipe(
          accept(() => timer(5).pipe(map(() => true))),
          handle(({ text }) => text),
        )
        .subscribe();
      expectAnswered(u).toBe('-----x', { status: 101 });
      expectSent(u).toBe('-----(abc)');
    });
  });

  it('is refused as the decision says', () => {
    runMarbles(({ upgrade, hot, expectAnswered }) => {
      const [no, late, failing, slow] = [upgrade(''), upgrade(''), upgrade(''), upgrade('')];
      const decisions = new Map<unknown, () => unknown>([
        [no, () => false],
        [
          late,
          () =>
            timer(3).pipe(map(() => reject(401, { headers: { 'WWW-Authenticate': 'Basic' }, body: 'who?' }))),
        ],
        [failing, () => throwError(() => new Error('db'))],
        [slow, () => NEVER],
      ]);
      hot('-nlfs', { n: no, l: late, f: failing, s: slow })
        .pipe(accept((u) => decisions.get(u)!() as boolean, { onError: () => {} }))
        .subscribe();
      expectAnswered(no).toBe('-x', { status: 403 });
      expectAnswered(late).toBe('-----x', { status: 401, body: 'who?' });
      expectAnswered(failing).toBe('---x', { status: 500 });
      expectAnswered(slow).toBe('---- 10s x', { status: 503 });
    });
  });

  it('may leave before it is decided, by a close or a loss, and the decision is cancelled', () => {
    runMarbles(({ upgrade, cold, expectAnswered, expectSubscriptions, expectObservable }) => {
      for (const marbles of ['--|', '--#']) {
        const u = upgrade(marbles);
        const decision = cold('-----t', { t: true });
        expectObservable(of(u).pipe(accept(() => decision))).toBe('--|');
        expectSubscriptions(decision.subscriptions).toBe('^-!');
        expectAnswered(u).toBe('');
      }
    });
  });

  it('shows how accept runs decisions beside each other', () => {
    runMarbles(({ upgrade, hot, expectObservable }) => {
      const decided = hot('-ab', {
        a: upgrade('', {}, { url: 'ws://h/5' }),
        b: upgrade('', {}, { url: 'ws://h/1' }),
      }).pipe(
        accept(({ path }) => of(true).pipe(delay(Number(path.slice(1))))),
        map(({ handshake }) => handshake.path.slice(1)),
      );
      expectObservable(decided).toBe('---1--5');
    });
  });

  it('speaks a subprotocol and the codec of the client', () => {
    runMarbles(({ upgrade, expectAnswered, expectSent }) => {
      const codec = json<{ n: number }>();
      const u = upgrade('-a', { a: { n: 1 } }, { codec, protocols: ['v1', 'v2'], supported: ['v2'] });
      of(u)
        .pipe(
          accept(() => true, { codec }),
          handle(({ messages }) => messages.pipe(map(({ n }) => ({ n: n + 1 })))),
        )
        .subscribe();
      expectAnswered(u).toBe('x', { protocol: 'v2' });
      expectSent(u).toBe('-a', { a: { n: 2 } });
    });
  });

  it('has what a request has', () => {
    runMarbles(({ upgrade }) => {
      const u = upgrade(
        '',
        {},
        {
          url: 'wss://a.test/b?c=d',
          headers: { cookie: 'e' },
          params: { f: 'g' },
          remoteAddress: '192.0.2.1',
        },
      );
      const { url, path, query, headers, params, remoteAddress, raw } = u;
      expect([url.host, path, query.get('c'), headers['cookie'], params['f'], remoteAddress]).toEqual([
        'a.test',
        '/b',
        'd',
        'e',
        'g',
        '192.0.2.1',
      ]);
      expect([raw.method, raw.url, raw.headers.host]).toEqual(['GET', '/b?c=d', 'a.test']);
    });
  });

  it('is refused with 503 by who leaves', () => {
    runMarbles(({ upgrade, expectAnswered }) => {
      const u = upgrade('');
      const accepting = of(u)
        .pipe(accept(() => NEVER))
        .subscribe();
      timer(3).subscribe(() => accepting.unsubscribe());
      expectAnswered(u).toBe('---x', { status: 503 });
    });
  });

  it('says where its diagram is wrong, and what cannot be sent', () => {
    expect(failure(({ upgrade }) => upgrade('-(a')).message).toContain('upgrade: column 2 ("(")');
    expect(failure(({ upgrade }) => upgrade('a', { a: { n: 1 } })).message).toContain(
      'use a codec to send values',
    );
    expect(
      failure(({ upgrade, expectAnswered }) => {
        const u = upgrade('');
        merge(of(u))
          .pipe(
            accept(),
            concatMap(() => NEVER),
            tap(),
          )
          .subscribe();
        expectAnswered(u).toBe('-x', { status: 101 });
      }).message,
    ).toContain('expectAnswered(upgrade(""))\n\n  expected  -x\n  actual    x-');
  });
});
