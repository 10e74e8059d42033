import { describe, expect, it } from '@jest/globals';
import { RequestHandshake } from '../../src/server/RequestHandshake.ts';
import { RequestUpgrade } from '../../src/server/RequestUpgrade.ts';
import { requestOf } from './requestOf.ts';

describe('RequestUpgrade', () => {
  it('is its handshake, the parameters and the request, also when taken apart', () => {
    const raw = requestOf({}, { url: '/rooms/1?a=b' });
    const handshake = RequestHandshake.of(raw)!;
    const upgrade = new RequestUpgrade(handshake, { room: '1' }, raw);
    const { url, path, query, headers, remoteAddress, params } = upgrade;
    expect({ url, path, query, headers, remoteAddress }).toEqual({
      url: handshake.url,
      path: '/rooms/1',
      query: handshake.query,
      headers: handshake.headers,
      remoteAddress: '::1',
    });
    expect(params).toEqual({ room: '1' });
    expect(upgrade.raw).toBe(raw);
  });
});
