import assert from 'node:assert/strict';
import { addressOf, peer } from './peer.mjs';

export default async ({ start }) => {
  const example = start({ env: { PORT: '0', EXPORT_MS: '300' } });
  const client = await peer(await addressOf(example));
  client.send('a');
  assert.equal(await client.next(), 'A');
  await example.line("'ws.connections.open'");
  await example.line("direction: 'in'");
  client.socket.close(4000);
  await client.closed;
  await example.line("'ws.connection.duration'");
  await example.line('code: 4000');
};
