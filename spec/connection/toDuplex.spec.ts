import { PassThrough, Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { firstValueFrom, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { json } from '../../src/codecs/json.ts';
import type { ConnectionConfig } from '../../src/connection/ConnectionConfig.ts';
import { toDuplex } from '../../src/connection/toDuplex.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import { collect } from './contract/Pair.ts';
import { memoryPair } from './memoryPair.ts';

const oops = new Error('oops');
const closedError = (code: number) =>
  expect.objectContaining({ code: 'CONNECTION_CLOSED', close: expect.objectContaining({ code }) });

async function open<In = Data, Out = Sendable>(config?: ConnectionConfig<In, Out>) {
  const pair = await memoryPair<In, Out>(new VirtualTimeScheduler(), {}, config);
  return { ...pair, duplex: toDuplex(pair.connection) };
}

/** A sink that is done with a value in a later turn, so that much waits for it. */
function slowSink() {
  const values: unknown[] = [];
  const sink = new Writable({
    objectMode: true,
    highWaterMark: 1,
    write: (value, _encoding, done) => {
      values.push(value);
      setImmediate(done);
    },
  });
  return { values, sink };
}

/** A source that says nothing. */
const idle = (): Readable => new Readable({ objectMode: true, read: () => {} });
const failing = (): Readable => new Readable({ read: () => {} }).destroy(oops);

describe('toDuplex', () => {
  describe('read', () => {
    it('gives all that was received, and ends, though the connection has ended before', async () => {
      const { duplex, peer, wait } = await open();
      const { values, sink } = slowSink();
      const piped = pipeline(duplex, sink);
      peer.send('a', 'b', 'c');
      peer.close(1000);
      await wait(piped);
      expect(values).toEqual(['a', 'b', 'c']);
    });

    it('gives it to who comes late, too', async () => {
      const { connection, duplex, peer, wait } = await open();
      peer.send('a', 'b');
      peer.close(1000);
      await wait(firstValueFrom(connection.closed));
      expect(await wait(duplex.toArray())).toEqual(['a', 'b']);
    });

    it('fails where the connection was lost, after what had arrived', async () => {
      const { duplex, peer, arrived, wait } = await open();
      const { values, sink } = slowSink();
      peer.send('a', 'b');
      await arrived();
      peer.cut();
      await expect(wait(pipeline(duplex, sink))).rejects.toEqual(closedError(1006));
      expect(values).toContain('a');
    });

    it('takes one message for each that was read, and holds the connection between', async () => {
      const { connection, duplex, peer, arrived } = await open();
      const sibling = collect(connection.messages);
      peer.send('a', 'b', 'c', 'd');
      await arrived();
      expect(sibling.values).toEqual([]);
      duplex.on('readable', () => {});
      await arrived();
      expect(sibling.values).toEqual(['a']);
      expect(duplex.read()).toBe('a');
      await arrived();
      expect(sibling.values).toEqual(['a', 'b']);
      expect(await firstValueFrom(connection.reading)).toBe(false);
    });

    it('gives messages of any kind', async () => {
      const { duplex, peer, wait } = await open({ codec: json() });
      peer.send('0', '""', 'false', '[]');
      peer.close();
      expect(await wait(duplex.toArray())).toEqual([0, '', false, []]);
    });

    it('fails on null, which for a Node stream is the end', async () => {
      const { duplex, peer, wait } = await open({ codec: json() });
      peer.send('null');
      await expect(wait(duplex.toArray())).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect(await wait(peer.closed)).toEqual({ code: 1011, reason: '' });
    });
  });

  describe('write', () => {
    it('sends all, and closes with 1000', async () => {
      const { connection, duplex, peer, wait } = await open();
      const piped = pipeline(Readable.from(['a', Buffer.of(1), 'c']), duplex);
      for (const expected of ['a', Buffer.of(1), 'c']) expect(await wait(peer.next())).toEqual(expected);
      await wait(piped);
      expect(await wait(peer.closed)).toEqual({ code: 1000, reason: '' });
      expect(connection.state).toBe('closed');
    });

    it('makes its source wait while the peer does not read', async () => {
      const { duplex, peer, arrived, wait } = await open({ highWaterBytes: 64, lowWaterBytes: 16 });
      let pulled = 0;
      function* chunks(): Generator<string> {
        while (pulled < 100) yield `${pulled++}`.padEnd(32);
      }
      peer.stop();
      const piped = pipeline(Readable.from(chunks(), { highWaterMark: 1 }), duplex);
      await arrived();
      await arrived();
      expect(pulled).toBeLessThan(10);
      peer.start();
      for (let n = 0; n < 100; n++) expect(await wait(peer.next())).toBe(`${n}`.padEnd(32));
      await wait(piped);
    });

    it.each([
      ['closed by the peer', 1000],
      ['lost', 1006],
    ])('fails where the connection is %s, though its source says nothing', async (_name, code) => {
      const { duplex, peer, wait } = await open();
      const source = idle();
      const piped = pipeline(source, duplex);
      if (code === 1006) peer.cut();
      else peer.close(code);
      await expect(wait(piped)).rejects.toEqual(closedError(code));
      expect(source.destroyed).toBe(true);
    });

    it('fails where the connection has ended', async () => {
      const { connection, duplex, peer, wait } = await open();
      peer.close(1000);
      await wait(firstValueFrom(connection.closed));
      await expect(wait(pipeline(['late'], duplex))).rejects.toEqual(closedError(1000));
    });

    it('fails where the connection is lost before its last messages have left', async () => {
      const { duplex, peer, arrived, wait } = await open();
      peer.stop();
      const piped = pipeline(['a'], duplex);
      await arrived();
      peer.cut();
      await expect(wait(piped)).rejects.toEqual(closedError(1000));
    });

    it('fails at once where it is written to and not read', async () => {
      const { duplex, peer, wait } = await open();
      duplex.write('a');
      const failed = new Promise((resolve) => duplex.once('error', resolve));
      expect(await wait(peer.next())).toBe('a');
      peer.close(1000);
      expect(await wait(failed)).toEqual(closedError(1000));
    });

    it('ends as the connection has ended', async () => {
      const closed = await open();
      closed.peer.close(1000);
      await closed.wait(firstValueFrom(closed.connection.closed));
      await closed.wait(pipeline([], closed.duplex));

      const cut = await open();
      cut.peer.cut();
      await cut.wait(firstValueFrom(cut.connection.closed));
      await expect(cut.wait(pipeline([], cut.duplex))).rejects.toEqual(closedError(1006));
    });

    it('closes with 1011 where its source fails', async () => {
      const { connection, duplex, peer, errors, wait } = await open();
      await expect(wait(pipeline(failing(), duplex))).rejects.toBe(oops);
      expect(await wait(peer.closed)).toEqual({ code: 1011, reason: '' });
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({ code: 1011, error: oops });
      expect(errors).toEqual([oops]);
    });

    it('closes with 1011 where it is given what cannot be sent', async () => {
      const { duplex, peer, errors, wait } = await open();
      await expect(wait(pipeline([{}], duplex))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect(await wait(peer.closed)).toEqual({ code: 1011, reason: '' });
      expect(errors).toEqual([expect.objectContaining({ code: 'INVALID_ARGUMENT' })]);
    });
  });

  it('answers itself through a Transform, until the peer closes', async () => {
    const { duplex, peer, wait } = await open();
    const upperCase = new Transform({
      objectMode: true,
      transform: (data, _encoding, done) => done(null, String(data).toUpperCase()),
    });
    const piped = pipeline(duplex, upperCase, duplex);
    for (const letter of ['a', 'b']) {
      peer.send(letter);
      expect(await wait(peer.next())).toBe(letter.toUpperCase());
    }
    peer.close(1000);
    await wait(piped);
  });

  describe('destroyed', () => {
    it('closes with 1000, and lets go of its hold', async () => {
      const { connection, duplex, peer, wait, arrived } = await open();
      const reading = collect(connection.reading);
      duplex.destroy();
      await arrived();
      expect(reading.values).toEqual([false, true]);
      expect(await wait(peer.closed)).toEqual({ code: 1000, reason: '' });
    });

    it('by a loop that is left: the same', async () => {
      const { duplex, peer, wait } = await open();
      peer.send('a', 'b');
      const leave = async (): Promise<unknown> => {
        for await (const message of duplex) return message;
        return undefined;
      };
      expect(await wait(leave())).toBe('a');
      expect(await wait(peer.closed)).toEqual({ code: 1000, reason: '' });
    });

    it('by an abort in the midst of an upload: closes with 1011', async () => {
      const { duplex, peer, wait } = await open();
      const abort = new AbortController();
      const source = idle();
      const piped = pipeline(source, duplex, { signal: abort.signal });
      source.push('a');
      expect(await wait(peer.next())).toBe('a');
      abort.abort();
      await expect(wait(piped)).rejects.toMatchObject({ name: 'AbortError' });
      expect(await wait(peer.closed)).toEqual({ code: 1011, reason: '' });
    });

    it('with an error: closes with 1011, once', async () => {
      const { duplex, peer, errors, wait } = await open();
      const piped = pipeline(duplex, new PassThrough({ objectMode: true }), duplex);
      duplex.destroy(oops);
      await expect(wait(piped)).rejects.toBe(oops);
      expect(await wait(peer.closed)).toEqual({ code: 1011, reason: '' });
      expect(errors).toEqual([oops]);
    });

    it('does not fail a process that neither reads nor writes', async () => {
      const { connection, duplex, peer, wait } = await open();
      peer.cut();
      await wait(firstValueFrom(connection.closed));
      await turn();
      // A stream that failed with no listener would have thrown.
      expect([duplex.errored, duplex.destroyed]).toEqual([null, false]);
    });
  });
});
