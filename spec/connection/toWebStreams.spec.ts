import { setImmediate as turn } from 'node:timers/promises';
import { firstValueFrom, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import type { ConnectionConfig } from '../../src/connection/ConnectionConfig.ts';
import { toWebStreams } from '../../src/connection/toWebStreams.ts';
import { CloseError } from '../../src/core/CloseError.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import { collect } from './contract/Pair.ts';
import { memoryPair } from './memoryPair.ts';

const oops = new Error('oops');
const closedError = (code: number) =>
  expect.objectContaining({ code: 'CONNECTION_CLOSED', close: expect.objectContaining({ code }) });

async function open<In = Data, Out = Sendable>(config?: ConnectionConfig<In, Out>) {
  const pair = await memoryPair<In, Out>(new VirtualTimeScheduler(), {}, config);
  return { ...pair, ...toWebStreams(pair.connection) };
}

/** Whether it is settled within a turn. */
function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const settled = (): boolean => true;
  return Promise.race([promise.then(settled, settled), turn(false)]);
}

/** A sink that is done with a value when it is told to. */
function slowSink() {
  const values: unknown[] = [];
  let release: () => void = () => {};
  const sink = new WritableStream<unknown>({
    write: (value) => {
      values.push(value);
      return new Promise<void>((resolve) => (release = resolve));
    },
  });
  return { values, sink, release: () => release() };
}

describe('toWebStreams', () => {
  describe('readable', () => {
    it('gives all messages, in order, and closes with the connection', async () => {
      const { readable, peer, wait } = await open();
      const values: unknown[] = [];
      const piped = readable.pipeTo(new WritableStream({ write: (value) => void values.push(value) }));
      peer.send('a', 'b');
      peer.send('c');
      peer.close(1000);
      await wait(piped);
      expect(values).toEqual(['a', 'b', 'c']);
    });

    it('reads nothing that was not asked for: a slow sink holds the connection', async () => {
      const { connection, readable, peer, arrived } = await open();
      const sibling = collect(connection.messages);
      const reading = collect(connection.reading);
      const { values, sink, release } = slowSink();
      peer.send('a', 'b', 'c');
      await arrived();
      expect([sibling.values, reading.values]).toEqual([[], [false]]);

      void readable.pipeTo(sink);
      await arrived();
      expect([sibling.values, values]).toEqual([['a'], ['a']]);
      release();
      await arrived();
      expect([sibling.values, values]).toEqual([
        ['a', 'b'],
        ['a', 'b'],
      ]);
      expect(reading.values.at(-1)).toBe(false);
    });

    it('fails where the connection was lost, after what had arrived', async () => {
      const { readable, peer, wait, arrived } = await open();
      peer.send('a');
      await arrived();
      peer.cut();
      const reader = readable.getReader();
      expect(await wait(reader.read())).toEqual({ done: false, value: 'a' });
      await expect(wait(reader.read())).rejects.toEqual(closedError(1006));
    });

    it('cancelled: lets go of its hold, and closes with 1000', async () => {
      const { connection, readable, peer, wait } = await open();
      const reading = collect(connection.reading);
      await wait(readable.cancel(oops));
      expect(reading.values).toEqual([false, true]);
      expect(await wait(peer.closed)).toEqual({ code: 1000, reason: '' });
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({ code: 1000, wasClean: true });
    });

    it('cancelled: answers who reads', async () => {
      const { readable, wait } = await open();
      const reader = readable.getReader();
      const read = reader.read();
      await wait(reader.cancel());
      expect(await wait(read)).toEqual({ done: true, value: undefined });
    });

    it('closes with 1000 where its sink fails', async () => {
      const { readable, peer, wait } = await open();
      const piped = readable.pipeTo(new WritableStream({ write: () => Promise.reject(oops) }));
      peer.send('a');
      await expect(wait(piped)).rejects.toBe(oops);
      expect(await wait(peer.closed)).toEqual({ code: 1000, reason: '' });
    });
  });

  describe('writable', () => {
    it('sends all that is piped to it, and then closes with 1000', async () => {
      const { connection, writable, peer, wait } = await open();
      const piped = ReadableStream.from(['a', 'b']).pipeTo(writable);
      for (const expected of ['a', 'b']) expect(await wait(peer.next())).toBe(expected);
      await wait(piped);
      expect(await wait(peer.closed)).toEqual({ code: 1000, reason: '' });
      expect(connection.state).toBe('closed');
    });

    it('waits with a write until there is room for the next', async () => {
      const { writable, peer, arrived, wait } = await open({ highWaterBytes: 4, lowWaterBytes: 0 });
      const writer = writable.getWriter();
      peer.stop();
      const [first, second, third] = ['1234', '5678', 'never sent'].map((text) => writer.write(text));
      await arrived();
      expect(await Promise.all([first!, second!, third!].map(isSettled))).toEqual([true, false, false]);
      peer.start();
      await wait(third!);
      for (const expected of ['1234', '5678', 'never sent']) expect(await wait(peer.next())).toBe(expected);
    });

    it.each([
      ['closed by the peer', 1000],
      ['lost', 1006],
    ])('fails where the connection is %s', async (_name, code) => {
      const { writable, peer, wait } = await open();
      const writer = writable.getWriter();
      if (code === 1006) peer.cut();
      else peer.close(code);
      await expect(wait(writer.closed)).rejects.toEqual(closedError(code));
      await expect(wait(writer.write('late'))).rejects.toEqual(closedError(code));
    });

    it('fails with a write that waits, where the connection is lost', async () => {
      const { writable, peer, arrived, wait } = await open({ highWaterBytes: 1, lowWaterBytes: 0 });
      const writer = writable.getWriter();
      peer.stop();
      const writes = ['a', 'b', 'c'].map((text) => writer.write(text));
      writes.forEach((write) => void write.catch(() => {}));
      await arrived();
      peer.cut();
      await expect(wait(writer.closed)).rejects.toEqual(closedError(1006));
      await expect(wait(writes[2]!)).rejects.toEqual(closedError(1006));
    });

    it('fails where the connection is lost before its last messages have left', async () => {
      const { writable, peer, arrived, wait } = await open();
      const writer = writable.getWriter();
      peer.stop();
      await wait(writer.write('a'));
      const closing = writer.close();
      await arrived();
      peer.cut();
      await expect(wait(closing)).rejects.toEqual(closedError(1000));
    });

    it('aborted: closes with 1011, or as a CloseError says, and tells onError', async () => {
      for (const [reason, close] of [
        [oops, { code: 1011, reason: '' }],
        [new CloseError(4001, 'enough'), { code: 4001, reason: 'enough' }],
      ] as const) {
        const { writable, peer, errors, wait } = await open();
        await wait(writable.abort(reason));
        expect(await wait(peer.closed)).toEqual(close);
        expect(errors).toEqual([reason]);
      }
    });

    it('aborted: does not wait for a write that waits', async () => {
      const { connection, writable, peer, arrived } = await open({ highWaterBytes: 1, lowWaterBytes: 0 });
      const writer = writable.getWriter();
      peer.stop();
      for (const text of ['a', 'b']) writer.write(text).catch(() => {});
      await arrived();
      const aborted = writer.abort(oops);
      await arrived();
      expect([connection.state, await isSettled(aborted)]).toEqual(['closing', true]);
    });

    it('closes with 1011 where its source fails', async () => {
      const { connection, writable, peer, wait } = await open();
      const source = new ReadableStream({ pull: () => Promise.reject(oops) });
      await expect(wait(source.pipeTo(writable))).rejects.toBe(oops);
      expect(await wait(peer.closed)).toEqual({ code: 1011, reason: '' });
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({ error: oops });
    });

    it('closes with 1011 where it is given what cannot be sent', async () => {
      const { writable, peer, errors, wait } = await open();
      const writing = writable.getWriter().write({} as Sendable);
      await expect(wait(writing)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect(await wait(peer.closed)).toEqual({ code: 1011, reason: '' });
      expect(errors).toEqual([expect.objectContaining({ code: 'INVALID_ARGUMENT' })]);
    });

    it('fails with what the codec throws', async () => {
      const codec = {
        decode: (data: Data) => data,
        encode: (): Data => {
          throw oops;
        },
      };
      const { writable, peer, errors, wait } = await open({ codec });
      const writing = writable.getWriter().write('a');
      await expect(wait(writing)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', cause: oops });
      expect(await wait(peer.closed)).toEqual({ code: 1011, reason: '' });
      expect(errors).toEqual([oops]);
    });
  });

  it('pipes one through to the other, until the connection ends', async () => {
    const { readable, writable, peer, wait } = await open();
    const upperCase = new TransformStream<Data, string>({
      transform: (data, controller) => controller.enqueue(String(data).toUpperCase()),
    });
    const piped = readable.pipeThrough(upperCase).pipeTo(writable);
    piped.catch(() => {});
    for (const letter of ['a', 'b']) {
      peer.send(letter);
      expect(await wait(peer.next())).toBe(letter.toUpperCase());
    }
    peer.close(1000);
    await expect(wait(piped)).rejects.toEqual(closedError(1000));
  });
});
