import { firstValueFrom, map, merge, retry, take } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { json } from '../../../src/codecs/json.ts';
import { prepare } from '../../../src/codecs/prepare.ts';
import { CloseError } from '../../../src/core/CloseError.ts';
import type { Codec } from '../../../src/core/Codec.ts';
import type { Data } from '../../../src/core/Data.ts';
import { Prepared } from '../../../src/core/Prepared.ts';
import { toWebStreams } from '../../../src/connection/toWebStreams.ts';
import type { Contract } from '../contract.ts';
import { collect } from './Pair.ts';

const numbers: Codec<number, number> = {
  decode: (data) => JSON.parse(data as string) as number,
  encode: (message) => JSON.stringify(message),
};
const failing = (error: unknown): Codec<never, unknown> => ({
  decode: () => {
    throw error;
  },
  encode: () => {
    throw error;
  },
});
const rejecting = (error: unknown): Codec<never, unknown> => ({
  ...failing(error),
  decode: () => Promise.reject(error as Error),
});

/** Decodes when it is told to. */
function slow(): { codec: Codec<string, string>; finish: (data: string) => void } {
  const waiting = new Map<Data, () => void>();
  return {
    codec: {
      decode: (data) =>
        new Promise((resolve) => waiting.set(data, () => resolve(`decoded ${data as string}`))),
      encode: (message) => message,
    },
    finish: (data) => waiting.get(data)!(),
  };
}

export function codecs({ open }: Contract): void {
  describe('codec', () => {
    it('makes values of messages and messages of values; text and binary stay as they are', async () => {
      const { connection, peer, wait } = await open({ codec: numbers });
      const both = collect(merge(connection.messages, connection.text).pipe(take(4)));
      peer.send('1', '2');
      await wait(both.completed);
      expect(both.values).toEqual([1, '1', 2, '2']);
      connection.send(3);
      connection.send(new Prepared(4, '4'));
      expect([await wait(peer.next()), await wait(peer.next())]).toEqual(['3', '4']);
    });

    it('is asked once for each message, and not at all where nobody wants values', async () => {
      const decoded: Data[] = [];
      const codec: Codec<Data, Data> = {
        decode: (data) => (decoded.push(data), data),
        encode: (message) => message,
      };
      const { connection, peer, wait } = await open({ codec });
      const text = collect(connection.text.pipe(take(1)));
      peer.send('a');
      await wait(text.completed);
      const readers = [
        collect(connection.messages.pipe(take(1))),
        collect(connection.messages.pipe(take(1))),
      ];
      peer.send('b');
      await wait(Promise.all(readers.map(({ completed }) => completed)));
      expect(decoded).toEqual(['b']);
    });

    it('keeps the order, however long it takes', async () => {
      const { codec, finish } = slow();
      const { connection, peer, wait, arrived } = await open({ codec });
      const got = collect(connection.messages.pipe(take(2)));
      peer.send('a', 'b');
      await arrived();
      expect(got.values).toEqual([]);
      finish('a');
      await arrived();
      expect(got.values).toEqual(['decoded a']);
      finish('b');
      await wait(got.completed);
      expect(got.values).toEqual(['decoded a', 'decoded b']);
    });

    it('delivers nothing under a hold that was taken while it decoded', async () => {
      const { codec, finish } = slow();
      const { connection, peer, wait, arrived } = await open({ codec });
      const got = collect(connection.messages.pipe(take(1)));
      peer.send('a');
      await arrived();
      const hold = connection.hold();
      finish('a');
      await arrived();
      expect(got.values).toEqual([]);
      hold.unsubscribe();
      await wait(got.completed);
      expect(got.values).toEqual(['decoded a']);
    });

    it('loses nothing where the reader left while it decoded', async () => {
      const { codec, finish } = slow();
      const { connection, peer, wait, arrived } = await open({ codec });
      const leaver = collect(connection.messages);
      peer.send('a');
      await arrived();
      leaver.subscription.unsubscribe();
      finish('a');
      await arrived();
      const got = collect(connection.messages.pipe(take(1)));
      await arrived();
      finish('a');
      await wait(got.completed);
      expect([leaver.values, got.values]).toEqual([[], ['decoded a']]);
    });

    it('delivers what it decodes after the end, and then completes', async () => {
      const { codec, finish } = slow();
      const { connection, peer, wait, arrived } = await open({ codec });
      const got = collect(connection.messages);
      peer.send('a', 'b');
      peer.close();
      await wait(firstValueFrom(connection.closed));
      finish('a');
      await arrived();
      expect(got).toMatchObject({ values: ['decoded a'], isComplete: false });
      finish('b');
      await wait(got.completed);
      expect(got.values).toEqual(['decoded a', 'decoded b']);
    });

    it.each([
      ['throws', failing],
      ['rejects', rejecting],
    ])('that %s while decoding: 1007, and onError gets it', async (_name, codecOf) => {
      const error = new Error('secret');
      const { connection, peer, wait, errors, closeSeen } = await open({ codec: codecOf(error) });
      const got = collect(connection.messages.pipe(map(() => 'decoded')));
      peer.send('a', 'b');
      const close = await wait(firstValueFrom(connection.closed));
      expect(close).toMatchObject({ code: 1007, by: 'local', wasClean: true });
      expect(close.error).toBe(error);
      await wait(got.completed);
      expect({ errors, values: got.values }).toEqual({ errors: [error], values: [] });
      await closeSeen({ code: 1007, reason: 'the message could not be decoded' });
    });

    it('with a schema: what does not fit closes with 1007, and the peer is not told why', async () => {
      const schema = z.object({ text: z.string() });
      const { connection, peer, wait, errors, closeSeen } = await open({
        codec: json({ in: schema, out: schema }),
      });
      const got = collect(connection.messages);
      peer.send('{"text":"a"}', '{"text":5}', '{"text":"b"}');
      const error = expect.objectContaining({
        code: 'DECODE',
        issues: [expect.objectContaining({ path: ['text'] })],
      });
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({ code: 1007, by: 'local', error });
      expect([got.values, errors]).toEqual([[{ text: 'a' }], [error]]);
      await closeSeen({ code: 1007, reason: 'the message does not fit its schema' });
    });

    it('of text: bytes close with 1003', async () => {
      const { connection, peer, wait, closeSeen } = await open({ codec: json() });
      connection.messages.subscribe();
      peer.send(Uint8Array.of(1));
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({ code: 1003, by: 'local' });
      await closeSeen({ code: 1003, reason: 'messages are text' });
    });

    it('that fails, where it is to be skipped: onError is told, the next one follows', async () => {
      const { connection, peer, wait, errors } = await open({ codec: json(), undecodable: 'skip' });
      const got = collect(connection.messages.pipe(take(2)));
      peer.send('1', '{', Uint8Array.of(1), '2');
      await wait(got.completed);
      const told = [1007, 1003].map((closeCode) => expect.objectContaining({ code: 'DECODE', closeCode }));
      expect({ values: got.values, errors, state: connection.state }).toEqual({
        values: [1, 2],
        errors: told,
        state: 'open',
      });
    });

    it('that fails, where it is to be an error: of those messages, and who reads on gets the next', async () => {
      const { connection, peer, wait, errors } = await open({ codec: json(), undecodable: 'error' });
      const first = collect(connection.messages);
      const next = collect(connection.messages.pipe(retry(), take(2)));
      peer.send('1', '{', '2');
      await wait(next.completed);
      expect(first).toMatchObject({ values: [1], error: { code: 'DECODE', closeCode: 1007 } });
      expect({ values: next.values, errors, state: connection.state }).toEqual({
        values: [1, 2],
        errors: [],
        state: 'open',
      });
    });

    it('that fails, where it is to be an error, throws in the loop, and the next loop goes on', async () => {
      const { connection, peer, wait } = await open({ codec: json(), undecodable: 'error' });
      peer.send('1', '{', '2');
      const values: unknown[] = [];
      const reading = (async () => {
        for await (const value of connection) values.push(value);
      })();
      await expect(wait(reading)).rejects.toMatchObject({ code: 'DECODE' });
      const rest = connection[Symbol.asyncIterator]();
      expect([values, await wait(rest.next())]).toEqual([[1], { done: false, value: 2 }]);
    });

    it('that fails, where it is to be an error, is one of the stream that is read', async () => {
      const { connection, peer, wait } = await open({ codec: json(), undecodable: 'error' });
      const reader = toWebStreams(connection).readable.getReader();
      peer.send('{');
      await expect(wait(reader.read())).rejects.toMatchObject({ code: 'DECODE' });
      expect(connection.state).toBe('open');
    });

    it('whose message is of a wrong shape: not taken, 1011, and onError gets it', async () => {
      const schema = z.object({ text: z.string() });
      const codec = json({ in: schema, out: schema, validateOut: true });
      const { connection, wait, errors, closeSeen } = await open({ codec });
      expect(connection.send({ text: 5 as unknown as string })).toBe(false);
      const error = { code: 'INVALID_ARGUMENT', message: expect.stringContaining('at text: ') };
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({ code: 1011, error });
      expect(errors).toEqual([expect.objectContaining(error)]);
      await closeSeen({ code: 1011, reason: '' });
    });

    it('with a schema validates and encodes what is prepared once', async () => {
      const seen: unknown[] = [];
      const schema = z.object({ n: z.number() }).refine((value) => seen.push(value) > 0);
      const codec = json({ in: schema, out: schema, validateOut: true });
      const pairs = [await open({ codec }), await open({ codec })];
      const message = prepare({ n: 1 }, codec);
      for (const { connection, peer, wait } of pairs) {
        connection.send(message);
        expect(await wait(peer.next())).toBe('{"n":1}');
      }
      expect(seen).toEqual([{ n: 1 }]);
    });

    it('chooses the close with a CloseError', async () => {
      const { connection, peer, wait } = await open({
        codec: failing(new CloseError(4400, 'say it in JSON')),
      });
      connection.messages.subscribe();
      peer.send('a');
      expect(await wait(peer.closed)).toEqual({ code: 4400, reason: 'say it in JSON' });
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({ code: 4400, by: 'local' });
    });

    it.each([
      ['throws', failing(new Error('secret')), { message: 'secret' }],
      [
        'makes something that is no message',
        { ...numbers, encode: () => ({}) as Data },
        { code: 'INVALID_ARGUMENT' },
      ],
    ])('that %s while encoding: not taken, 1011, and onError gets it', async (_name, codec, error) => {
      const { connection, wait, errors, closeSeen } = await open({ codec: codec as Codec<unknown, unknown> });
      expect(connection.send(5)).toBe(false);
      expect(connection.send(6)).toBe(false);
      expect(await wait(firstValueFrom(connection.closed))).toMatchObject({ code: 1011, by: 'local', error });
      expect(errors).toEqual([expect.objectContaining(error)]);
      await closeSeen({ code: 1011, reason: '' });
    });

    it('is not asked to encode for a connection that is not open', async () => {
      const { connection, wait, errors } = await open({ codec: failing(new Error('asked')) });
      connection.close();
      expect(connection.send('a')).toBe(false);
      await wait(firstValueFrom(connection.closed));
      expect(errors).toEqual([]);
    });
  });
}
