import assert from 'node:assert/strict';
import { addressOf, peer } from './peer.mjs';

export default async ({ start }) => {
  const example = start({ env: { PORT: '0' } });
  const url = await addressOf(example);
  const clients = await Promise.all([peer(url), peer(url)]);
  for (const client of clients) client.send('hello');
  for (const client of clients) assert.equal(await client.next(), 'HELLO');

  const exited = example.stop('SIGTERM');
  for (const client of clients) assert.equal((await client.closed).code, 1001);
  assert.equal(await exited, 0);
  assert.deepEqual(example.output().trimEnd().split('\n').slice(1), [
    'closed 1001',
    'closed 1001',
    'all closed',
  ]);
  await assert.rejects(peer(url));

  // A port that is taken is an error of the program, in words.
  const first = start({ env: { PORT: '0' } });
  const port = new URL(await addressOf(first)).port;
  const second = start({ env: { PORT: port } });
  assert.equal(await second.exited, 1);
  assert.match(second.output(), /EADDRINUSE/);
};
