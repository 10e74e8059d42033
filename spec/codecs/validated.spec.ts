import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { json } from '../../src/codecs/json.ts';
import { prepare } from '../../src/codecs/prepare.ts';
import { type Unchecked, validated } from '../../src/codecs/validated.ts';
import { contracts } from './schemas.ts';

type Validate = StandardSchemaV1.Props['validate'];
const schema = (validate: Validate): StandardSchemaV1 => ({
  '~standard': { version: 1, vendor: 'spec', validate },
});
const any = schema((value) => ({ value }));
const raw: Unchecked = { decode: (data) => data, encode: (message) => message as string };
const issues = [{ message: 'no', path: ['a'] }];

describe.each(contracts)('a contract of %s', (_, server, client) => {
  it('takes a message there and back, and makes of it what the schema does', () => {
    const sent = client.encode({ type: 'at', when: '2026-01-01T00:00:00.000Z' });
    expect(sent).toBe('{"type":"at","when":"2026-01-01T00:00:00.000Z"}');
    expect(server.decode(sent as string)).toEqual({ type: 'at', when: new Date('2026-01-01T00:00:00Z') });
    expect(client.decode(server.encode({ type: 'ok' }) as string)).toEqual({ type: 'ok' });
  });

  it.each([
    ['{"type":"say","text":5}', ['text']],
    ['{"type":"say"}', ['text']],
    ['{"type":"at","when":"soon"}', ['when']],
    ['{"type":"steal"}', ['type']],
  ])('refuses what arrives and does not fit, and says where: %s', (text, path) => {
    const error = expect.objectContaining({
      code: 'DECODE',
      closeCode: 1007,
      reason: 'the message does not fit its schema',
      issues: expect.arrayContaining([{ message: expect.any(String), path }]),
      message: expect.stringContaining(`at ${path[0]}: `),
    });
    expect(() => server.decode(text)).toThrow(error);
  });

  it('reads what it sent itself, and refuses what another node sent that does not fit', () => {
    const at = { type: 'at', when: '2026-01-01T00:00:00.000Z' } as const;
    expect(client.decodeSent?.(client.encode(at) as string)).toEqual(at);
    expect(server.decodeSent?.(server.encode({ type: 'ok' }) as string)).toEqual({ type: 'ok' });
    expect(() => server.decodeSent?.('{"type":"at"}')).toThrow(
      expect.objectContaining({ code: 'DECODE', issues: expect.anything() }),
    );
  });

  it('refuses what is sent and does not fit, and says where', () => {
    const wrong = { type: 'say', text: 'far too long to be said' } as const;
    const error = expect.objectContaining({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('at text: '),
    });
    expect(() => client.encode(wrong)).toThrow(error);
    expect(() => prepare(wrong, client)).toThrow(error);
  });
});

describe('validated', () => {
  it('waits for a validator that gives a promise', async () => {
    const slow = z.string().refine((text) => Promise.resolve(text === 'yes'));
    const codec = json({ in: slow, out: slow });
    const decoded = codec.decode('"yes"');
    expect(decoded).toBeInstanceOf(Promise);
    expect(await decoded).toBe('yes');
    await expect(codec.decode('"no"')).rejects.toMatchObject({ code: 'DECODE', closeCode: 1007 });
  });

  it('waits for a thenable of the schema’s own, whatever its `then` gives', async () => {
    const giving = (result: unknown): Unchecked['decode'] => {
      const own = schema(() => ({ then: (done: (result: unknown) => void) => done(result) }) as never);
      return (data) => validated(raw, { in: own, out: any }).decode(data);
    };
    expect(await giving({ value: 'b' })('a')).toBe('b');
    await expect(giving({ issues })('a')).rejects.toMatchObject({ code: 'DECODE', issues });
  });

  it('asks once for each message', () => {
    const validate = jest.fn<Validate>((value) => ({ value }));
    const codec = validated(raw, { in: schema(validate), out: schema(validate), validateOut: true });
    codec.decode('a');
    expect(validate.mock.calls).toEqual([['a']]);
    expect(prepare('b', codec).value).toBe('b');
    expect(validate.mock.calls).toEqual([['a'], ['b']]);
  });

  it('does not look at what is sent, unless it is asked to', () => {
    const refusing = schema(() => ({ issues }));
    expect(validated(raw, { in: any, out: refusing }).encode('a')).toBe('a');
    const codec = validated(raw, { in: any, out: refusing, validateOut: true });
    const error = { code: 'INVALID_ARGUMENT', cause: issues };
    expect(() => codec.encode('a')).toThrow(expect.objectContaining(error));
  });

  it('sends what was given, and not what the schema makes of it', () => {
    const codec = validated(raw, { in: any, out: schema(() => ({ value: 'other' })), validateOut: true });
    expect(codec.encode('a')).toBe('a');
  });

  it('refuses to wait for what is sent', async () => {
    const late = schema(() => Promise.reject(new Error('not unhandled')));
    const codec = validated(raw, { in: any, out: late, validateOut: true });
    expect(() => codec.encode('a')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    await new Promise(setImmediate);
  });

  it('reads what it sent as it was given, and cannot wait for a validator then', async () => {
    const other = validated(raw, { in: any, out: schema(() => ({ value: 'other' })) });
    expect(other.decodeSent?.('a')).toBe('a');
    const late = schema(() => Promise.reject(new Error('not unhandled')));
    expect(validated(raw, { in: any, out: late }).decodeSent?.('a')).toBe('a');
    await new Promise(setImmediate);
  });

  it('passes on what a schema throws or rejects with', async () => {
    const oops = new Error('oops');
    const throwing = schema(() => {
      throw oops;
    });
    const codec = validated(raw, { in: throwing, out: throwing, validateOut: true });
    expect(() => codec.decode('a')).toThrow(oops);
    expect(() => codec.encode('a')).toThrow(oops);
    const rejecting = validated(raw, { in: schema(() => Promise.reject(oops)), out: any });
    await expect(rejecting.decode('a')).rejects.toBe(oops);
  });

  it('takes a schema that is a function, and calls its method on what it belongs to', () => {
    const standard = {
      version: 1,
      vendor: 'spec',
      suffix: '!',
      validate(value: unknown): { value: string } {
        return { value: `${value as string}${this.suffix}` };
      },
    } as const;
    const callable = Object.assign(() => {}, { '~standard': standard });
    expect(validated(raw, { in: callable, out: any }).decode('a')).toBe('a!');
  });

  it.each([undefined, null, {}, { '~standard': {} }, () => {}])('refuses what is no schema: %p', (no) => {
    const wrong = no as unknown as StandardSchemaV1;
    const error = (name: string): unknown =>
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) });
    expect(() => validated(raw, { in: wrong, out: any })).toThrow(error('`in`'));
    expect(() => validated(raw, { in: any, out: wrong })).toThrow(error('`out`'));
  });
});
