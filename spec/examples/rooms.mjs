import assert from 'node:assert/strict';
import { addressOf, peer } from './peer.mjs';

export default async ({ start }) => {
  const example = start({ env: { PORT: '0' } });
  const url = await addressOf(example);
  const ann = await peer(`${url}/?name=ann`);
  const bob = await peer(`${url}/?name=bob`);
  const away = await peer(`${url}/?name=eve&room=other`);
  await example.line('bob joined the lobby');
  ann.send('{"text":"hi"}');
  const line = JSON.parse(await bob.next());
  assert.deepEqual({ ...line, id: '' }, { from: 'ann', text: 'hi', id: '' });
  assert.deepEqual(JSON.parse(await ann.next()), line);
  away.send('{"text":"elsewhere"}');
  assert.equal(JSON.parse(await away.next()).from, 'eve');

  bob.socket.close(1000);
  await example.line('bob left the lobby');
  for (const text of ['one', 'two']) ann.send(JSON.stringify({ text }));
  for (let i = 0; i < 2; i++) await ann.next();
  const back = await peer(`${url}/?name=bob&since=${line.id}`);
  for (const text of ['one', 'two']) assert.equal(JSON.parse(await back.next()).text, text);
  const stranger = await peer(`${url}/?name=joe&since=nonsense`);
  assert.equal(JSON.parse(await stranger.next()).from, 'server');
  assert.equal(JSON.parse(await stranger.next()).text, 'hi');
};
