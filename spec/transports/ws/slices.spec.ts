import { describe, expect, it, jest } from '@jest/globals';
import { Writable } from 'node:stream';
import type { Duplex } from 'node:stream';
import { gather, SLICE_BYTES, writeSlices } from '../../../src/transports/ws/slices.ts';

/** A socket that takes one chunk at a time, when it is let; and how large each write to the system was. */
function slowSocket() {
  const writes: number[] = [];
  let taken: (() => void) | undefined;
  const socket = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      writes.push(chunk.length);
      taken = done;
    },
    writev: (chunks, done) => {
      writes.push(chunks.reduce((sum, { chunk }) => sum + (chunk as Buffer).length, 0));
      taken = done;
    },
  });
  const take = async (): Promise<void> => {
    taken!();
    await new Promise(setImmediate);
  };
  return { socket: socket as unknown as Duplex, writes, take };
}

describe('writeSlices', () => {
  const payload = new Uint8Array(SLICE_BYTES * 2 + 5);

  it('tells of each slice that had to wait, as it leaves', async () => {
    const { socket, writes, take } = slowSocket();
    const left = jest.fn();
    writeSlices(socket, payload, left, false);
    expect(writes).toEqual([SLICE_BYTES]);
    await take();
    // The first one did not have to wait.
    expect([writes.length, left.mock.calls.length]).toEqual([2, 0]);
    await take();
    expect([writes.length, left.mock.calls.length]).toEqual([3, 1]);
    await take();
    expect([writes, left.mock.calls.length]).toEqual([[SLICE_BYTES, SLICE_BYTES, 5], 2]);
  });

  it('tells of the others too where it is asked to', async () => {
    const { socket, take } = slowSocket();
    const left = jest.fn();
    writeSlices(socket, payload, left, true);
    for (let i = 0; i < 3; i++) await take();
    expect(left).toHaveBeenCalledTimes(3);
  });

  it('lets the socket gather again once nothing waits, and not before', async () => {
    const { socket, writes, take } = slowSocket();
    writeSlices(socket, payload, () => {}, false);
    gather(socket);
    for (let i = 0; i < 3; i++) await take();
    gather(socket);
    writes.length = 0;
    for (let i = 0; i < 3; i++) socket.write('x');
    await take();
    expect(writes).toEqual([1, 2]);
  });
});
