import { describe, expect, it } from '@jest/globals';
import type { CloseInfo } from '../../src/core/CloseInfo.ts';
import { ConnectionClosedError } from '../../src/core/ConnectionClosedError.ts';

const close: CloseInfo = { code: 4000, reason: 'bye', wasClean: true, by: 'peer', openMs: 12.6 };

describe('ConnectionClosedError', () => {
  it.each<[Partial<CloseInfo>, string, string]>([
    [{}, 'ws://a.test/', 'the connection to ws://a.test/ was closed by the peer with 4000 "bye" after 13 ms'],
    [{ by: 'local', reason: '' }, '', 'the connection was closed by this end with 4000 after 13 ms'],
    [{ by: 'network', code: 1006, reason: '' }, '', 'the connection was lost with 1006 after 13 ms'],
  ])('says who ended which connection and how: %p', (change, where, message) => {
    expect(new ConnectionClosedError({ ...close, ...change }, where).message).toBe(message);
  });

  it('carries how it ended, and its cause', () => {
    const info = { ...close, error: new Error('ECONNRESET') };
    const error = new ConnectionClosedError(info);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'ConnectionClosedError',
      code: 'CONNECTION_CLOSED',
      cause: info.error,
    });
    expect(error.close).toBe(info);
  });
});
