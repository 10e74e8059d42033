import { describe, expect, it, jest } from '@jest/globals';
import type { Pings } from '../../src/connection/Pings.ts';
import { Watch } from '../../src/connection/Watch.ts';
import { collect } from './contract/Pair.ts';

const bytes = Uint8Array.of(1);

describe('Watch', () => {
  it('shows frames by kind to all who watch', () => {
    const watch = new Watch(() => ({}) as Pings);
    watch.message('unwatched');
    const both = [collect(watch.frames), collect(watch.frames)];
    watch.message('a');
    watch.message(bytes);
    watch.ping(bytes);
    watch.pong(bytes);
    for (const { values } of both) {
      expect(values.map(({ kind, data }) => [kind, data])).toEqual([
        ['text', 'a'],
        ['binary', bytes],
        ['ping', bytes],
        ['pong', bytes],
      ]);
    }
  });

  it('makes pings when they are asked for, and hands them the pongs and the end', () => {
    const pings = { pong: jest.fn(), end: jest.fn() };
    const make = jest.fn(() => pings as unknown as Pings);
    const watch = new Watch(make);
    watch.pong(bytes);
    expect(make).not.toHaveBeenCalled();
    expect([watch.pings, watch.pings]).toEqual([pings, pings]);
    watch.pong(bytes);
    watch.end();
    expect([make.mock.calls.length, pings.pong.mock.calls, pings.end.mock.calls.length]).toEqual([
      1,
      [[bytes]],
      1,
    ]);
  });

  it('completes with the connection, for who comes late too', () => {
    const watch = new Watch(() => ({}) as Pings);
    const early = collect(watch.frames);
    watch.end();
    for (const { values, isComplete } of [early, collect(watch.frames)])
      expect([values, isComplete]).toEqual([[], true]);
  });
});
