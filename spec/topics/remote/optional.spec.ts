import { describe, expect, it } from '@jest/globals';
import { isMissing, optional } from '../../../src/topics/remote/optional.ts';

const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });

describe('optional', () => {
  it('is what is there', async () => {
    expect(await optional(() => Promise.resolve({ connect: 1 }), 'a needs b')).toEqual({ connect: 1 });
  });

  it('says what is needed where it is not there, and that to wait does not help', async () => {
    const error: unknown = await optional(() => Promise.reject(missing), 'a needs b').catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code: 'BUS', message: 'a needs b', cause: missing });
    expect(isMissing(error)).toBe(true);
    expect(isMissing(missing)).toBe(true);
  });

  it('passes on what else goes wrong, which may be over later', async () => {
    const broken = new Error('broken');
    await expect(optional(() => Promise.reject(broken), 'a needs b')).rejects.toBe(broken);
    for (const other of [broken, undefined, { code: 'BUS' }]) expect(isMissing(other)).toBe(false);
  });
});
