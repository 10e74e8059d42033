import assert from 'node:assert/strict';
import { addressOf, peer } from './peer.mjs';

export default async ({ start }) => {
  const url = await addressOf(start({ env: { PORT: '0' } }));
  const [one, other] = await Promise.all([peer(url), peer(url)]);
  const first = await one.next();
  assert.deepEqual(Object.keys(JSON.parse(first)), ['symbol', 'price']);
  // Both hear the same ticks, and one that leaves does not stop them for the other.
  assert.equal(await other.next(), first);
  assert.equal(await other.next(), await one.next());
  other.socket.close(1000);
  assert.equal((await other.closed).code, 1000);
  assert.equal(JSON.parse(await one.next()).symbol, 'ACME');
};
