import { describe, expect, it, jest } from '@jest/globals';
import type { Pings } from '../../src/connection/Pings.ts';
import { Watch } from '../../src/connection/Watch.ts';
import { collect } from './contract/Pair.ts';

const bytes = Uint8Array.of(1);

describe('Watch', () => {
  it('shows frames by kind to all who watch', () => {
    const watch = new Watch();
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

  it('hands pings the pongs and the end, where there are any', () => {
    const pings = { pong: jest.fn(), end: jest.fn() };
    const watch = new Watch();
    watch.pong(bytes);
    watch.pings = pings as unknown as Pings;
    watch.pong(bytes);
    watch.end();
    expect([pings.pong.mock.calls, pings.end.mock.calls.length]).toEqual([[[bytes]], 1]);
  });

  it('completes with the connection, for who comes late too', () => {
    const watch = new Watch();
    const early = collect(watch.frames);
    watch.end();
    for (const { values, isComplete } of [early, collect(watch.frames)])
      expect([values, isComplete]).toEqual([[], true]);
  });
});
