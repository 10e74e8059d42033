import assert from 'node:assert/strict';
import { addressOf, peer } from './peer.mjs';

export default async ({ start }) => {
  const url = await addressOf(start({ env: { PORT: '0' } }));
  const client = await peer(url, { headers: { authorization: 'Bearer secret' } });
  assert.equal(await client.next(), 'Hello, Ada');
  client.send('here I am');
  assert.equal(await client.next(), 'Ada: here I am');

  const refused = await fetch(url.replace(/^ws/, 'http'), {
    headers: { authorization: 'Bearer guess' },
  });
  assert.equal(refused.status, 426);
  await assert.rejects(peer(url, { headers: { authorization: 'Bearer guess' } }), /401/);
  await assert.rejects(peer(url), /401/);
};
