import { describe, expect, it } from '@jest/globals';
import { Backlog } from '../../src/connection/Backlog.ts';
import { Lane } from '../../src/connection/Lane.ts';
import { Ping } from '../../src/core/Ping.ts';
import type { Slot } from '../../src/core/Slot.ts';

const lane = new Lane('close', { maxQueuedBytes: Infinity, maxQueuedMessages: Infinity }, () => {});
const slot = (content: string): Slot => lane.add(content, undefined);
const contentOf = (item: Slot | Ping): unknown => (item instanceof Ping ? 'ping' : item.content);

describe('Backlog', () => {
  it('hands on what waits, up to the next message in parts', () => {
    const backlog = new Backlog();
    const log: unknown[] = [];
    const send = (item: Slot | Ping): unknown => log.push(contentOf(item));
    backlog.push(slot('a'));
    backlog.pushTurn(() => log.push('begin'));
    backlog.push(slot('é'));
    expect([backlog.bytes]).toEqual([3]);
    expect(backlog.release(send)).toBe(true);
    expect([log, backlog.bytes]).toEqual([['a', 'begin'], 2]);
    expect(backlog.release(send)).toBe(false);
    expect([log, backlog.bytes]).toEqual([['a', 'begin', 'é'], 0]);
  });

  it('goes on past messages in parts that are over at once, however many', () => {
    const backlog = new Backlog();
    const log: unknown[] = [];
    const release = (): boolean => backlog.release((item) => log.push(contentOf(item)));
    for (let n = 0; n < 20_000; n++) backlog.pushTurn(() => expect(release()).toBe(true));
    backlog.push(slot('last'));
    expect(release()).toBe(false);
    expect(log).toEqual(['last']);
  });

  it('keeps what is sent while it hands on', () => {
    const backlog = new Backlog();
    const log: unknown[] = [];
    backlog.push(slot('a'));
    backlog.release((item) => {
      log.push(contentOf(item));
      if (log.length === 1) backlog.push(slot('b'));
    });
    expect(log).toEqual(['a', 'b']);
  });

  it('spills all messages, and begins none in parts', () => {
    const backlog = new Backlog();
    const log: unknown[] = [];
    backlog.push(slot('a'));
    backlog.pushTurn(() => log.push('begin'));
    backlog.push(slot('b'));
    backlog.push(new Ping(new Uint8Array()));
    backlog.spill((item) => log.push(contentOf(item)));
    expect([log, backlog.bytes]).toEqual([['a', 'b', 'ping'], 0]);
  });
});
