import { describe, expect, it } from '@jest/globals';
import { Outbox } from '../../src/client/Outbox.ts';
import type { LinkConfig } from '../../src/client/LinkConfig.ts';
import { prepare } from '../../src/codecs/prepare.ts';
import type { Dropped } from '../../src/core/Dropped.ts';
import { run } from '../connection/marbles.ts';

function outbox<Out = string>(offline?: LinkConfig['offline']): { box: Outbox<Out>; dropped: Dropped[] } {
  const box = new Outbox<Out>(offline);
  const dropped: Dropped[] = [];
  box.dropped.subscribe((report) => dropped.push(report));
  return { box, dropped };
}
const report = (count: number, bytes: number): Dropped => ({ count, bytes });

describe('Outbox', () => {
  it('takes 1,000 messages, and no more', () => {
    const { box, dropped } = outbox();
    const taken = Array.from({ length: 1_002 }, () => box.take(''));
    expect(taken.filter(Boolean)).toHaveLength(1_000);
    expect(dropped).toEqual([report(1, 0), report(1, 0)]);
  });

  it('takes 1 MiB, and no more, text counted in UTF-8', () => {
    const { box, dropped } = outbox<unknown>();
    expect(box.take('é'.repeat(262_144))).toBe(true);
    expect(box.take(new Uint8Array(262_144).buffer)).toBe(true);
    expect(box.take(prepare('x'.repeat(262_144)))).toBe(true);
    expect(box.take(new Uint8Array(1))).toBe(false);
    expect(box.take('')).toBe(true);
    expect(dropped).toEqual([report(1, 1)]);
  });

  it('does not know the size of what has to be encoded', () => {
    const { box, dropped } = outbox<unknown>({ maxMessages: 1, maxBytes: 1 });
    expect([box.take({ a: 'x'.repeat(9) }), box.take({})]).toEqual([true, false]);
    expect(dropped).toEqual([report(1, 0)]);
  });

  it('drop, error', () => {
    const dropping = outbox('drop');
    expect([dropping.box.take('ab'), dropping.box.isEmpty, dropping.dropped]).toEqual([
      false,
      true,
      [report(1, 2)],
    ]);
    const throwing = outbox('error');
    expect(() => throwing.box.take('ab')).toThrow('no connection');
    expect([throwing.box.isEmpty, throwing.dropped]).toEqual([true, []]);
  });

  it('tells once what it is cleared of, and nothing where it was empty', () => {
    const { box, dropped } = outbox();
    box.clear();
    for (const message of ['a', 'bc']) box.take(message);
    box.clear();
    expect([box.isEmpty, dropped]).toEqual([true, [report(2, 3)]]);
    expect(box.take('x'.repeat(1_048_576))).toBe(true);
  });

  it('sends all to a connection that reads, in order; not after a loss where that is not wanted', () =>
    run(({ open, does, sent, expectObservable }) => {
      const [flushed, discarded] = [outbox(), outbox({ onReconnect: 'discard' })];
      const [one, two] = [open(), open()];
      for (const message of ['a', 'b']) for (const { box } of [flushed, discarded]) box.take(message);
      does('--x--y', {
        x: () => {
          flushed.box.prepare(false);
          flushed.box.sendTo(one.connection);
          discarded.box.prepare(false);
          discarded.box.sendTo(two.connection);
          expect([flushed.box.isEmpty, discarded.box.isEmpty]).toEqual([true, true]);
        },
        y: () => {
          discarded.box.take('c');
          discarded.box.prepare(true);
          discarded.box.sendTo(two.connection);
        },
      });
      expectObservable(sent(one.peer)).toBe('--(ab)');
      expectObservable(sent(two.peer)).toBe('-----c');
      expectObservable(discarded.box.dropped).toBe('--x', { x: report(2, 2) });
    }));

  it('sends no faster than the peer reads, and stops when it is told to', () =>
    run(({ open, does, sent, expectObservable }) => {
      const { box } = outbox();
      const { connection, peer } = open({ highWaterBytes: 1, lowWaterBytes: 0, stalledTimeoutMs: Infinity });
      peer.stop();
      for (const message of 'abcdef') box.take(message);
      const sending = box.sendTo(connection)!;
      does('-----x-x-y-x', { x: () => peer.take(1), y: () => sending.unsubscribe() });
      expectObservable(sent(peer)).toBe('-----a-b---c');
      expectObservable(connection.dropped).toBe('-');
    }));
});
