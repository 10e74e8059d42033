import { describe, expect, it } from '@jest/globals';
import type { Handshake } from '../../src/core/Handshake.ts';
import { isOriginAllowed, type Origins } from '../../src/server/isOriginAllowed.ts';

const from = (origin: string | undefined, host = 'app.example:8080'): Handshake =>
  ({ url: new URL(`ws://${host}/`), headers: { origin } }) as unknown as Handshake;

describe('isOriginAllowed', () => {
  it.each<[string | undefined, Origins | undefined, boolean]>([
    // by default the pages of the host that is asked
    [undefined, undefined, true],
    ['http://app.example', undefined, true],
    ['https://APP.example:3000', undefined, true],
    ['https://evil.example', undefined, false],
    ['https://app.example.evil.example', undefined, false],
    ['https://sub.app.example', undefined, false],
    ['null', undefined, false],
    ['', undefined, false],
    ['http://app.example, http://evil.example', undefined, false],
    // all
    ['https://evil.example', '*', true],
    ['null', '*', true],
    // a list, which the host that is asked is not in by itself
    ['https://a.example', ['https://a.example', 'https://b.example'], true],
    ['https://a.example:443', ['https://A.example/'], true],
    ['http://a.example', ['https://a.example'], false],
    ['https://a.example:8443', ['https://a.example'], false],
    ['http://app.example', ['https://a.example'], false],
    ['null', ['https://a.example'], false],
    ['null', ['null'], true],
    ['capacitor://localhost', ['capacitor://localhost'], true],
    ['capacitor://localhost', ['ionic://localhost'], false],
    [undefined, ['https://a.example'], true],
    [undefined, [], true],
    ['https://a.example', [], false],
    // a function
    ['https://a.example', (origin) => origin === 'https://a.example', true],
    ['https://b.example', (origin) => origin === 'https://a.example', false],
    [undefined, () => false, true],
  ])('%j with %j: %j', (origin, origins, allowed) => {
    expect(isOriginAllowed(origins, from(origin))).toBe(allowed);
  });

  it('throws what the function throws', () => {
    const origins = (): boolean => {
      throw new RangeError('oh');
    };
    expect(() => isOriginAllowed(origins, from('https://a.example'))).toThrow('oh');
  });

  it('takes a promise for no answer, also one that rejects', async () => {
    for (const answer of [Promise.resolve(false), Promise.reject(new Error('late')), 'yes', undefined]) {
      const origins = (() => answer) as unknown as Origins;
      expect(() => isOriginAllowed(origins, from('https://a.example'))).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
    }
    await new Promise((done) => setImmediate(done));
  });
});
