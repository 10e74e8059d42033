import { describe, expect, it } from '@jest/globals';
import { Backlog } from '../../src/connection/Backlog.ts';

describe('Backlog', () => {
  it('hands on what waits, up to the next message in parts', () => {
    const backlog = new Backlog();
    const log: unknown[] = [];
    const send = (outbound: unknown): unknown => log.push(outbound);
    backlog.push('a');
    backlog.pushTurn(() => log.push('begin'));
    backlog.push('é');
    expect([backlog.length, backlog.bytes]).toEqual([3, 3]);
    expect(backlog.release(send)).toBe(true);
    expect([log, backlog.length, backlog.bytes]).toEqual([['a', 'begin'], 1, 2]);
    expect(backlog.release(send)).toBe(false);
    expect([log, backlog.length, backlog.bytes]).toEqual([['a', 'begin', 'é'], 0, 0]);
  });

  it('goes on past messages in parts that are over at once, however many', () => {
    const backlog = new Backlog();
    const log: unknown[] = [];
    const release = (): boolean => backlog.release((outbound) => log.push(outbound));
    for (let n = 0; n < 20_000; n++) backlog.pushTurn(() => expect(release()).toBe(true));
    backlog.push('last');
    expect(release()).toBe(false);
    expect(log).toEqual(['last']);
  });

  it('keeps what is sent while it hands on', () => {
    const backlog = new Backlog();
    const log: unknown[] = [];
    backlog.push('a');
    backlog.release((outbound) => {
      log.push(outbound);
      if (outbound === 'a') backlog.push('b');
    });
    expect(log).toEqual(['a', 'b']);
  });

  it('spills all messages, and begins none in parts', () => {
    const backlog = new Backlog();
    const log: unknown[] = [];
    backlog.push('a');
    backlog.pushTurn(() => log.push('begin'));
    backlog.push('b');
    backlog.spill((outbound) => log.push(outbound));
    expect([log, backlog.length, backlog.bytes]).toEqual([['a', 'b'], 0, 0]);
  });
});
