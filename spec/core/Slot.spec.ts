import { describe, expect, it } from '@jest/globals';
import { Slot } from '../../src/core/Slot.ts';

describe('Slot', () => {
  it('knows its content, its bytes, and whose it is', () => {
    const lane = { left: () => {}, conflate: () => {}, report: () => {} };
    expect(new Slot('é', 2, 'key', lane)).toEqual({ content: 'é', bytes: 2, key: 'key', lane });
  });
});
