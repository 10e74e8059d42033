import { describe, expect, it } from '@jest/globals';
import { isBadEnd } from '../../src/client/isBadEnd.ts';
import type { CloseInfo } from '../../src/core/CloseInfo.ts';

const end = (close: Partial<CloseInfo>): CloseInfo => ({
  code: 1000,
  reason: '',
  wasClean: true,
  by: 'peer',
  openMs: 1,
  ...close,
});

describe('isBadEnd', () => {
  it.each([
    ['the peer is done', {}, false],
    ['the peer says nothing', { code: 1005 }, false],
    ['the peer leaves', { code: 1001 }, true],
    ['the peer has a code of its own', { code: 4001 }, true],
    ['we are done, with any code', { by: 'local', code: 4001 }, false],
    ['we close because of an error', { by: 'local', code: 1011, error: new Error('ours') }, true],
    ['it was lost', { code: 1006, by: 'network', wasClean: false }, true],
  ] as const)('%s', (_what, close, expected) => {
    expect(isBadEnd(end(close))).toBe(expected);
  });
});
