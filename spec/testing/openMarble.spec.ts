import { describe, expect, it } from '@jest/globals';
import { delay, map, merge, of, switchMap, tap, timer } from 'rxjs';
import { json } from '../../src/codecs/json.ts';
import type { Codec } from '../../src/core/Codec.ts';
import { CloseError } from '../../src/core/CloseError.ts';
import { handle } from '../../src/server/handle.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { failure } from './failure.ts';

describe('connection(…)', () => {
  it('starts when it is handed over, however that is', () => {
    runMarbles(({ connection, hot, cold, expectObservable, expectReading }) => {
      expectObservable(connection('-a|').text).toBe('-a|');
      expectObservable(
        of(connection('-a|')).pipe(
          delay(3),
          switchMap(({ text }) => text),
        ),
      ).toBe('----a|');
      expectObservable(hot('--c', { c: connection('-a') }).pipe(switchMap(({ text }) => text))).toBe('---a');
      expectObservable(cold('--c', { c: connection('a') }).pipe(switchMap(({ messages }) => messages))).toBe(
        '--a',
      );
      const handled = connection('-a|');
      expectObservable(
        timer(2).pipe(
          map(() => handled),
          handle(({ text }) => text),
          map(() => 'e'),
        ),
      ).toBe('----(e|)');
      expectReading(handled).toBe('--t');
    });
  });

  it('says what its values say', () => {
    runMarbles(({ connection, expectObservable }) => {
      const bytes = Uint8Array.of(1);
      expectObservable(connection<unknown>('ab', { a: 1, b: bytes }).messages).toBe('ab', { a: 1, b: bytes });
      const two = connection<unknown>('ab', { a: 'text', b: bytes });
      expectObservable(merge(two.text, two.binary)).toBe('ab', { a: 'text', b: bytes });
      expectObservable(connection('ab', {}).text).toBe('ab');
    });
  });

  it('refuses a letter without a value, and says where', () => {
    expect(failure(({ connection }) => connection('-a-b', { a: 'x' })).message).toBe(
      'connection: column 4 ("b"): there is no value for it\n\n  -a-b\n     ^',
    );
    expect(failure(({ connection }) => connection('-a-(b')).message).toContain('connection: column 4 ("(")');
    expect(failure(({ connection }) => connection('', {}, { writable: 't-x' })).message).toContain(
      'writable: column 3 ("x")',
    );
  });

  it('sends a group in one chunk, which a hold does not stop', () => {
    runMarbles(({ connection, expectReading, expectObservable }) => {
      const c = connection('(ab)-c|', {}, { readAheadBytes: 1 });
      const slow = c.text.pipe(
        tap(() => {
          const hold = c.hold();
          timer(5).subscribe(() => hold.unsubscribe());
        }),
      );
      expectObservable(slow).toBe('a----b----(c|)');
      expectReading(c).toBe('f--------------t');
    });
  });

  it('ends as its diagram says', () => {
    runMarbles(({ connection, expectClosed }) => {
      const error = new Error('cable');
      const ends = [
        connection('-|'),
        connection('-#', {}, { error }),
        connection('-|', {}, { close: { code: 4001, reason: 'so' } }),
      ];
      for (const each of ends) each.messages.subscribe();
      expectClosed(ends[0]!).toBe('-x', { code: 1000, reason: '', by: 'peer', wasClean: true, openMs: 1 });
      expectClosed(ends[1]!).toBe('-x', { code: 1006, by: 'network', wasClean: false, error });
      expectClosed(ends[2]!).toBe('-x', { code: 4001, reason: 'so', by: 'peer' });
    });
  });

  it('is as the peer is: slow, or without an answer', () => {
    runMarbles(({ connection, expectObservable, expectClosed, expectPinged }) => {
      const slow = connection('', {}, { pongMs: 30, closeMs: 20 });
      expectObservable(slow.ping()).toBe('30ms (x|)', { x: 30 });
      expectPinged(slow).toBe('x');
      timer(40).subscribe(() => slow.close(4000, 'bye'));
      expectClosed(slow).toBe('60ms x', { code: 4000, reason: 'bye', by: 'local', wasClean: true });
      const deaf = connection('', {}, { closeMs: Infinity, closeTimeoutMs: 100 });
      deaf.close();
      expectClosed(deaf).toBe('100ms x', { code: 1000, by: 'local', wasClean: false });
    });
  });

  it('runs the codec over text, and takes values as what it makes of them', () => {
    const errors: unknown[] = [];
    runMarbles(({ connection, expectSent, expectClosed }) => {
      const c = connection<unknown>(
        '-a-b-c',
        { a: '{"n":1}', b: { n: 2 }, c: 'no json' },
        { codec: json<unknown>(), onError: (error) => errors.push(error) },
      );
      c.messages.subscribe((message) => c.send(message));
      expectSent(c).toBe('-a-b', { a: { n: 1 }, b: '{"n":2}' });
      expectClosed(c).toBe('-----x', { code: 1007, by: 'local' });
    });
    expect(errors).toHaveLength(1);
  });

  it('types what its codec makes, of values and of what is on the wire', () => {
    runMarbles(({ connection, expectObservable }) => {
      const codec: Codec<{ n: number }, string> = json();
      const c = connection('ab', { a: { n: 1 }, b: '{"n":2}' }, { codec });
      const doubled = c.messages.pipe(map(({ n }) => n * 2));
      expectObservable(doubled).toBe('ab', { a: 2, b: 4 });
    });
  });

  it('behaves as in production when it is closed', () => {
    runMarbles(({ connection, expectSent, expectObservable }) => {
      const c = connection('-|');
      c.messages.subscribe();
      expectObservable(
        timer(0, 1).pipe(
          map(() => c.send('x')),
          switchMap((sent) => [sent]),
        ),
        '^--!',
      ).toBe('aab', {
        a: true,
        b: false,
      });
      // In the frame of the close what is sent still leaves.
      expectSent(c).toBe('xx', {});
    });
  });

  it('is told apart by its request and its side', () => {
    runMarbles(({ connection, expectClosed }) => {
      const c = connection('', {}, { url: 'ws://a.test/chat?room=1', headers: { a: 'b' }, protocol: 'p' });
      expect(c.handshake).toMatchObject({ path: '/chat', headers: { a: 'b' }, remoteAddress: '127.0.0.1' });
      expect(c.handshake.query.get('room')).toBe('1');
      expect([c.protocol, c.context, c.capabilities.hold]).toEqual(['p', undefined, true]);
      const client = connection(
        '',
        {},
        { side: 'client', capabilities: { hold: false, ping: false, fragments: false } },
      );
      expect(client.capabilities.hold).toBe(false);
      const handled = of(c, client)
        .pipe(handle(() => timer(5).pipe(switchMap(() => []))))
        .subscribe();
      timer(2).subscribe(() => handled.unsubscribe());
      expectClosed(c).toBe('--x', { code: 1001 });
      expectClosed(client).toBe('--x', { code: 1000 });
    });
  });

  it('has a context with its type', () => {
    const context = runMarbles(({ connection }) => connection('', {}, { context: { name: 'ann' } }).context);
    expect(context.name).toBe('ann');
  });

  it('shows with a failure what reached onError', () => {
    const { message } = failure(({ connection, expectClosed }) => {
      const c = connection('-a');
      of(c)
        .pipe(
          handle(({ text }) =>
            text.pipe(
              map(() => {
                throw new CloseError(4400, 'no');
              }),
            ),
          ),
        )
        .subscribe();
      expectClosed(c).toBe('-x', { code: 1000 });
    });
    expect(message).toContain('onError was told: CloseError: close with 4400 (no)');
  });
});
