import { describe, expect, it } from '@jest/globals';
import { EMPTY, firstValueFrom, NEVER, of, type ObservableInput, throwError } from 'rxjs';
import type { Dialable, Target } from '../../src/client/ConnectConfig.ts';
import { targets } from '../../src/client/targets.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';

const config = { url: 'ws://a.test/', handshakeTimeoutMs: 5 };
const url = new URL('ws://b.test/');
const given: readonly [string, Target<unknown, never>, unknown][] = [
  ['a string', 'ws://a.test/', { url: 'ws://a.test/' }],
  ['a URL', url, { url }],
  ['a config', config, config],
];

describe('targets', () => {
  it.each(given)('makes a config of %s', async (_name, target, expected) => {
    expect(await firstValueFrom(targets(target))).toEqual(expected);
  });

  it.each(given)('asks a function that gives %s', async (_name, target, expected) => {
    expect(await firstValueFrom(targets(() => target))).toEqual(expected);
    expect(await firstValueFrom(targets(() => Promise.resolve(target)))).toEqual(expected);
    expect(await firstValueFrom(targets(() => of(target)))).toEqual(expected);
    expect(await firstValueFrom(targets(() => [target]))).toEqual(expected);
  });

  it('asks anew at each subscription, and not before', async () => {
    let asked = 0;
    const source = targets(() => `ws://${++asked}.test/`);
    expect(asked).toBe(0);
    expect(await firstValueFrom(source)).toEqual({ url: 'ws://1.test/' });
    expect(await firstValueFrom(source)).toEqual({ url: 'ws://2.test/' });
  });

  it('takes the first of many, and lets the source go', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<string>('--a-b-|');
      expectObservable(targets(() => source)).toBe('--(a|)', { a: { url: 'a' } });
      expectSubscriptions(source.subscriptions).toBe('^-!');
    });
  });

  it.each<[string, Dialable<unknown, never>, unknown]>([
    [
      'throws',
      () => {
        throw new Error('no token');
      },
      { message: 'no token' },
    ],
    ['rejects', () => Promise.reject(new Error('no token')), { message: 'no token' }],
    ['errors', () => throwError(() => new Error('no token')), { message: 'no token' }],
    ['is empty', () => EMPTY, { code: 'INVALID_ARGUMENT' }],
  ])('errors where the function %s', async (_name, dialable, error) => {
    await expect(firstValueFrom(targets(dialable))).rejects.toMatchObject(error as object);
  });

  it('waits as long as the function does', () => {
    runMarbles(({ expectObservable }) => {
      const never: () => ObservableInput<string> = () => NEVER;
      expectObservable(targets(never)).toBe('-');
    });
  });

  it.each([undefined, null, 5, async () => undefined, () => [null], () => null])(
    'refuses what is nowhere, in words: %p',
    async (given) => {
      await expect(firstValueFrom(targets(given as never))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(
          /^this is nowhere to connect to: (undefined|null|5); give a URL/,
        ) as unknown,
      });
    },
  );
});
