import assert from 'node:assert/strict';
import { peer } from './peer.mjs';

export default async ({ start }) => {
  const example = start({ env: { PORT: '0' } });
  const port = /port: (\d+)/.exec(await example.line(/port: \d+/))[1];
  assert.equal(await (await fetch(`http://localhost:${port}/`)).text(), 'ordinary HTTP');

  const room = await peer(`ws://localhost:${port}/rooms/blue`);
  room.send('hello');
  room.send('again');
  assert.equal(await room.next(), 'blue: hello');
  assert.equal(await room.next(), 'blue: again');
  room.socket.close(4000);
  assert.equal((await room.closed).code, 4000);
  await example.line('closed 4000');

  await assert.rejects(peer(`ws://localhost:${port}/nowhere`), /404/);
};
