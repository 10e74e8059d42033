import assert from 'node:assert/strict';
import { peer } from './peer.mjs';

export default async ({ start }) => {
  const example = start({ env: { PORT: '0' } });
  const port = /port: (\d+)/.exec(await example.line(/port: \d+/))[1];
  assert.equal(await (await fetch(`http://localhost:${port}/`)).text(), 'ordinary HTTP');
  const room = await peer(`ws://localhost:${port}/rooms/blue%20sky`);
  room.send('hello');
  assert.equal(await room.next(), 'blue sky: hello');
  await assert.rejects(peer(`ws://localhost:${port}/rooms/a/b`), /404/);
};
