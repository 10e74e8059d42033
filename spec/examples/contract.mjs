import assert from 'node:assert/strict';
import { freePort } from '../package/freePort.mjs';
import { addressOf, peer } from './peer.mjs';

export default async ({ start }) => {
  // Both ends of the example have to know it.
  const example = start({ env: { PORT: String(await freePort()) } });
  const url = await addressOf(example);
  // Its own client: a text to the server is a Date there, and a text again.
  await example.line('2026-01-01T00:00:00.000Z');

  const stranger = await peer(url);
  stranger.send('{"type":"say","text":"hello"}');
  assert.equal(await stranger.next(), '{"type":"said","text":"hello"}');
  stranger.send('{"type":"say","text":5}');
  const close = { code: 1007, reason: 'the message does not fit its schema' };
  assert.deepEqual(await stranger.closed, close);
  await example.line('at text: ');

  const bytes = await peer(url);
  bytes.send(Buffer.from('{}'));
  assert.deepEqual(await bytes.closed, { code: 1003, reason: 'messages are text' });

  // The others never noticed.
  const other = await peer(url);
  other.send('{"type":"at","when":"2026-02-03T04:05:06Z"}');
  assert.equal(await other.next(), '{"type":"said","text":"2026-02-03T04:05:06.000Z"}');
};
