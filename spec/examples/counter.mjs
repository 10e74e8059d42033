import assert from 'node:assert/strict';
import { addressOf, peer } from './peer.mjs';

const json = (message) => JSON.stringify(message);

export default async ({ start }) => {
  const url = await addressOf(start({ env: { PORT: '0' } }));
  const client = await peer(url);
  // All at once: what follows the hello waits for the second subscription.
  for (const message of [{ type: 'hello', name: 'Ada' }, { type: 'inc' }, { type: 'inc' }, { type: 'dec' }])
    client.send(json(message));
  assert.equal(await client.next(), json({ type: 'welcome', name: 'Ada' }));
  for (const count of [1, 2, 1]) assert.equal(await client.next(), json({ type: 'count', count }));

  const rude = await peer(url);
  rude.send(json({ type: 'inc' }));
  assert.deepEqual(await rude.closed, { code: 4400, reason: 'hello first' });

  const garbled = await peer(url);
  garbled.send('{');
  assert.equal((await garbled.closed).code, 1007);

  const second = await addressOf(start({ env: { PORT: '0', HELLO_TIMEOUT_MS: '50' } }));
  assert.deepEqual(await (await peer(second)).closed, { code: 4408, reason: 'say hello' });

  client.send(json({ type: 'inc' }));
  assert.equal(await client.next(), json({ type: 'count', count: 2 }));
};
