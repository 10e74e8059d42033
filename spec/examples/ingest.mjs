import assert from 'node:assert/strict';
import { addressOf, peer } from './peer.mjs';

export default async ({ start }) => {
  const example = start({ env: { PORT: '0' } });
  const client = await peer(await addressOf(example));
  for (let i = 0; i < 500; i++) client.send(JSON.stringify([i]));
  client.socket.close(1000);
  await example.line('closed 1000');
  const stored = example
    .output()
    .split('\n')
    .filter((line) => line.startsWith('stored '));
  assert.deepEqual(
    stored.map((line) => Number(line.slice('stored '.length))).sort((a, b) => a - b),
    [...Array(500).keys()],
  );
};
