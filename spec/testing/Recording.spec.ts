import { describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { connectionOver } from '../connection/contract/Pair.ts';
import type { Happening } from '../../src/testing/Happening.ts';
import { MemoryTransport } from '../../src/testing/MemoryTransport.ts';
import { Recording } from '../../src/testing/Recording.ts';

describe('Recording', () => {
  it('keeps what happens, and when', () => {
    const scheduler = new VirtualTimeScheduler();
    const transport = new MemoryTransport(scheduler);
    const { connection } = connectionOver(transport, { overflow: 'latest' });
    const recording = new Recording(transport.peer, () => scheduler.now());
    recording.attach(connection.engine);
    const at = (frame: number, act: () => void): void => void scheduler.schedule(act, frame);
    at(1, () => connection.send('a'));
    at(2, () => connection.ping('p').subscribe());
    at(3, () => connection.sendFragments([Uint8Array.of(1), Uint8Array.of(2, 3)]).subscribe());
    at(4, () => transport.peer.stop(0));
    at(5, () => connection.send('b'));
    at(6, () => connection.send('c'));
    at(7, () => transport.peer.start());
    at(8, () => transport.peer.ping(Uint8Array.of(1)));
    at(9, () => connection.close(4000));
    scheduler.flush();
    const plain = (list: readonly Happening[]): unknown => list.map(({ frame, value }) => [frame, value]);
    expect(plain(recording.sent)).toEqual([
      [1, 'a'],
      [3, Uint8Array.of(1, 2, 3)],
      [7, 'c'],
    ]);
    expect(plain(recording.pinged)).toEqual([[2, 'p']]);
    expect(plain(recording.dropped)).toEqual([[6, { count: 1, bytes: 1 }]]);
    expect(plain(recording.closed)).toEqual([[9, expect.objectContaining({ code: 4000 })]]);
  });

  it('sees a hold that lasts, and no other', () => {
    const scheduler = new VirtualTimeScheduler();
    const transport = new MemoryTransport(scheduler);
    const { connection } = connectionOver(transport);
    const recording = new Recording(transport.peer, () => scheduler.now());
    recording.attach(connection.engine);
    scheduler.schedule(() => recording.begin(true), 2);
    scheduler.schedule(() => connection.hold().unsubscribe(), 3);
    scheduler.schedule(() => {
      const hold = connection.hold();
      scheduler.schedule(() => hold.unsubscribe(), 2);
    }, 4);
    scheduler.flush();
    expect(recording.reading.map(({ frame, value }) => `${frame}${String(value)}`)).toEqual([
      '2t',
      '4f',
      '6t',
    ]);
  });
});
