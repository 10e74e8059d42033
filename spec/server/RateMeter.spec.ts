import { describe, expect, it } from '@jest/globals';
import { of } from 'rxjs';
import { accept } from '../../src/server/accept.ts';
import type { AcceptConfig } from '../../src/server/AcceptConfig.ts';
import { handle } from '../../src/server/handle.ts';
import type { Upgrade } from '../../src/server/Upgrade.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';

const echo = (upgrade: Upgrade, config: AcceptConfig): unknown =>
  of(upgrade)
    .pipe(
      accept(undefined, config),
      handle(({ messages }) => messages),
    )
    .subscribe();

describe('a rate', () => {
  it('delivers so many messages a second, and holds the rest', () =>
    runMarbles(({ upgrade, expectSent, expectReading, expectClosed }) => {
      const peer = upgrade('(abcde)');
      echo(peer, { maxMessagesPerSecond: 2 });
      expectSent(peer).toBe('   (ab) 996ms (cd) 996ms e');
      expectReading(peer).toBe('f 1999ms t');
      expectClosed(peer).toBe('');
    }));

  it('begins a second with a message', () =>
    runMarbles(({ upgrade, expectSent }) => {
      const peer = upgrade('700ms a 600ms b c 5s (ab)');
      echo(peer, { maxMessagesPerSecond: 2 });
      expectSent(peer).toBe('700ms a 600ms b 398ms c 4602ms (ab)');
    }));

  it('lets a large message wait for all of its bytes', () =>
    runMarbles(({ upgrade, expectSent }) => {
      const large = 'x'.repeat(30);
      const peer = upgrade('(abc)', { a: large, b: 'bb', c: 'c' });
      echo(peer, { maxBytesPerSecond: 10 });
      expectSent(peer).toBe('a 2999ms (bc)', { a: large, b: 'bb', c: 'c' });
    }));

  it('closes with 1008 where it is told so', () =>
    runMarbles(({ upgrade, expectSent, expectClosed }) => {
      const closed = (limit: string) => ({
        code: 1008,
        reason: `more than ${limit} a second`,
        by: 'local' as const,
        error: expect.objectContaining({ code: 'CLOSE' }),
      });
      const many = upgrade('ab 2s ab c d');
      echo(many, { maxMessagesPerSecond: 2, excess: 'close' });
      expectSent(many).toBe('ab 2s abc');
      expectClosed(many).toBe('2004ms x', closed('2 messages'));
      const large = upgrade('-a', { a: 'x'.repeat(11) });
      echo(large, { maxBytesPerSecond: 10, excess: 'close' });
      expectClosed(large).toBe('-x', closed('10 bytes'));
    }));

  it('counts with a codec, too, and what was read ahead when it is delivered', () =>
    runMarbles(({ upgrade, expectSent }) => {
      const codec = { decode: (data: unknown) => String(data).toUpperCase(), encode: (text: string) => text };
      const peer = upgrade('(abc)|');
      of(peer)
        .pipe(
          accept(undefined, { maxMessagesPerSecond: 2, codec }),
          handle(({ messages }) => messages),
        )
        .subscribe();
      expectSent(peer).toBe('(AB)');
    }));

  it('is more than nothing', () => {
    for (const config of [{ maxMessagesPerSecond: 0 }, { maxBytesPerSecond: NaN }])
      expect(() => accept(undefined, config)).toThrow(/a rate is more than 0/);
  });
});
