import assert from 'node:assert/strict';
import { addressOf, peer } from './peer.mjs';

export default async ({ start }) => {
  const url = await addressOf(start({ env: { PORT: '0' } }));
  const client = await peer(url);
  const begun = performance.now();
  for (let i = 0; i < 5; i++) client.send(`line ${i}`);
  for (let i = 0; i < 5; i++) assert.equal(await client.next(), `line ${i}`);
  // Timers are never early by more than a rounding.
  assert.ok(performance.now() - begun >= 490, 'five lines took less than half a second');
};
