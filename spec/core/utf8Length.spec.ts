import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { utf8Length } from '../../src/core/utf8Length.ts';

describe('utf8Length', () => {
  const host = globalThis as { Buffer?: typeof Buffer };
  afterEach(() => {
    host.Buffer = Buffer;
  });

  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 2],
    ['€', 3],
    ['👩‍👩‍👧', 18],
    ['\ud800', 3],
  ])('%p has %d bytes', (text, bytes) => {
    expect(utf8Length(text)).toBe(bytes);
  });

  it('is what is sent, with and without a Buffer', async () => {
    jest.resetModules();
    delete host.Buffer;
    const page = (await import(`../../src/core/utf8Length.ts?${'page'}`)) as {
      utf8Length: typeof utf8Length;
    };
    host.Buffer = Buffer;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = new TextEncoder().encode(text).byteLength;
        expect([utf8Length(text), page.utf8Length(text)]).toEqual([bytes, bytes]);
      }),
    );
  });
});
