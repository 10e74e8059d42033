import { describe, expect, it } from '@jest/globals';
import { isRefusal, reject } from '../../src/server/reject.ts';

describe('reject', () => {
  it('makes a refusal', () => {
    expect(reject(401, { headers: { 'WWW-Authenticate': 'Bearer' }, body: 'log in' })).toMatchObject({
      status: 401,
      lines: ['WWW-Authenticate: Bearer'],
      body: 'log in',
    });
    expect(reject(404)).toHaveProperty('body', undefined);
  });

  it.each([200, 101, 299, 600, 404.5, NaN])('throws for %p, which is no refusal', (status) => {
    expect(() => reject(status)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it.each([
    { 'x-a': 'b\r\nc: d' },
    { 'x-a\r\n': 'b' },
    { Connection: 'keep-alive' },
    { 'content-length': '1' },
    { 'Transfer-Encoding': 'chunked' },
  ])('throws for the headers %j', (headers) => {
    expect(() => reject(403, { headers })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('is known by its mark, so that another copy of the class counts too', () => {
    const copy = { ...reject(404) };
    expect(isRefusal(copy)).toBe(true);
    for (const other of [true, null, undefined, {}, { status: 404 }, 'refusal'])
      expect(isRefusal(other)).toBe(false);
  });
});
