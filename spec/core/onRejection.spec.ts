import { describe, expect, it } from '@jest/globals';
import { onRejection } from '../../src/core/onRejection.ts';

describe('onRejection', () => {
  it('tells what a promise rejects with', async () => {
    const error = new Error('no');
    expect(await new Promise((failed) => onRejection(Promise.reject(error), failed))).toBe(error);
  });

  it.each([undefined, null, 1, 'text', {}, Promise.resolve(1)])('tells nothing of %p', async (returned) => {
    const seen: unknown[] = [];
    onRejection(returned, (error) => seen.push(error));
    await new Promise((done) => setImmediate(done));
    expect(seen).toEqual([]);
  });
});
