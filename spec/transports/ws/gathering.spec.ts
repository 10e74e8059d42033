import { Writable } from 'node:stream';
import type { Duplex } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { SLICE_BYTES, writeSlices, writeTogether } from '../../../src/transports/ws/gathering.ts';

class Socket extends Writable {
  readonly calls: number[] = [];

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    this.calls.push(1);
    setImmediate(done);
  }

  override _writev(chunks: unknown[], done: () => void): void {
    this.calls.push(chunks.length);
    setImmediate(done);
  }
}

const written = (socket: Socket): Promise<void> => {
  for (const text of ['a', 'b', 'c']) socket.write(text);
  return new Promise((resolve) => socket.write('d', () => resolve()));
};

describe('what waits in a stream', () => {
  it('is written slice by slice, each told of, until it is to be written together again', async () => {
    const socket = new Socket({ highWaterMark: 1 });
    await written(socket);
    expect(socket.calls).toEqual([1, 3]);
    let told = 0;
    let asked = 0;
    const payload = new Uint8Array(2 * SLICE_BYTES + 1);
    writeSlices(socket as unknown as Duplex, payload, () => (asked++ === 0 ? undefined : () => told++));
    await written(socket);
    expect([asked, told]).toEqual([3, 2]);
    expect(socket.calls.slice(2)).toEqual([1, 1, 1, 1, 1, 1, 1]);
    writeTogether(socket as unknown as Duplex);
    await written(socket);
    expect(socket.calls.slice(9)).toEqual([1, 3]);
  });

  it('is together at once where the stream keeps nothing', () => {
    const calls: number[] = [];
    const socket = { writableLength: 0, write: (chunk: Uint8Array) => calls.push(chunk.length) };
    writeSlices(socket as unknown as Duplex, new Uint8Array(SLICE_BYTES + 5), () => undefined);
    expect(calls).toEqual([SLICE_BYTES, 5]);
    expect('_writev' in socket).toBe(false);
  });
});
