import { Writable } from 'node:stream';
import type { Duplex } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { writeSingly, writeTogether } from '../../../src/transports/ws/gathering.ts';

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
  it('is written together, or singly, as it is told', async () => {
    const socket = new Socket();
    await written(socket);
    expect(socket.calls).toEqual([1, 3]);
    writeSingly(socket as unknown as Duplex);
    await written(socket);
    expect(socket.calls.slice(2)).toEqual([1, 1, 1, 1]);
    writeTogether(socket as unknown as Duplex);
    await written(socket);
    expect(socket.calls.slice(6)).toEqual([1, 3]);
  });
});
