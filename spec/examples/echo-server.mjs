import assert from 'node:assert/strict';
import { addressOf, peer } from './peer.mjs';

export default async ({ start }) => {
  const url = await addressOf(start({ env: { PORT: '0' } }));
  const client = await peer(url);
  assert.equal(await client.next(), 'Connected');
  for (const [text, reversed] of [
    ['Hello, world!', '!dlrow ,olleH'],
    ['héllo 👩‍👩‍👧', '👩‍👩‍👧 olléh'],
    ['e\u0301a', 'ae\u0301'],
  ]) {
    client.send(text);
    assert.equal(await client.next(), reversed);
  }
  await assert.rejects(peer(`${url}/deny`), /403/);
  client.socket.close(1000);
  assert.equal((await client.closed).code, 1000);
};
