// One node, with memory. What the page does is in spec/browser.
import assert from 'node:assert/strict';
import { peer } from '../peer.mjs';
import { chatter } from './chatter.mjs';

export default async ({ start }) => {
  const example = start({ env: { PORT: '0' } });
  const site = /http:\S+/.exec(await example.line('open http'))[0];
  const url = `${site.replace(/^http/, 'ws')}/chat`;
  const file = async (path) => {
    const { headers, text } = await fetch(site + path).then(async (response) => ({
      headers: response.headers,
      text: await response.text(),
    }));
    return [headers.get('content-type'), text];
  };
  assert.deepEqual((await file('/'))[0], 'text/html; charset=utf-8');
  assert.deepEqual((await file('/page.js'))[0], 'text/javascript; charset=utf-8');

  // They see each other, and each hears what is said, its own too.
  const ann = await chatter(url, 'ann');
  await ann.sees('ann');
  const bob = await chatter(url, 'bob');
  await bob.sees('ann', 'bob');
  await ann.sees('ann', 'bob');
  ann.say('<b>hi</b>', 'key-1');
  const line = await bob.hears('line');
  assert.deepEqual(await ann.hears('line'), line);
  const { id, at, ...rest } = line;
  assert.deepEqual(rest, { type: 'line', key: 'key-1', from: 'ann', text: '<b>hi</b>' });
  assert.match(id, /^\d+-\d+$/);
  assert.ok(Math.abs(Date.now() - at) < 60_000);
  ann.tell({ type: 'ping' });
  await ann.hears('pong');

  // A name is a name, whatever is in it.
  for (const room of ['*', 'room:*', '__proto__', '👩‍👩‍👧 \u0000"\\']) {
    const away = await chatter(url, '__proto__', { room });
    await away.sees('__proto__');
    away.say('elsewhere');
    assert.deepEqual(await away.lines(1), ['elsewhere']);
    away.socket.close(1000);
  }

  // Who says what is none of it is closed, and the others never noticed.
  const closes = async (message, code) => {
    const stranger = await peer(url);
    stranger.send(message);
    assert.equal((await stranger.closed).code, code);
  };
  await closes('{"type":"join","room":"lobby","name":" ","since":"0"}', 1007);
  await closes('{"type":"shout"}', 1007);
  await closes('no JSON', 1007);
  await closes('{"type":"say","key":"k","text":"before I joined"}', 4400);
  await closes(Buffer.from('bytes'), 1003);
  await closes(' '.repeat(4_097), 1009);
  const eve = await chatter(url, 'eve');
  await ann.sees('ann', 'bob', 'eve');
  eve.say('x'.repeat(501));
  assert.deepEqual(await eve.closed, { code: 1007, reason: 'the message does not fit its schema' });
  await ann.sees('ann', 'bob');

  // Who is there twice is there until the last one leaves.
  const twice = await chatter(url, 'bob', { since: id });
  await twice.sees('ann', 'bob');
  twice.socket.close(1000);
  await twice.closed;
  bob.socket.close(1000);
  assert.deepEqual((await ann.hears('members')).names, ['ann']);

  // Who comes back says which line was its last; whose last one nobody knows is told that some are missing.
  for (const text of ['one', 'two']) ann.say(text);
  assert.deepEqual(await ann.lines(2), ['one', 'two']);
  const back = await chatter(url, 'bob', { since: id });
  assert.deepEqual(await back.lines(2), ['one', 'two']);
  const unsure = await chatter(url, 'joe', { since: '77-7' });
  await unsure.hears('gap');
  assert.deepEqual(await unsure.lines(3), ['<b>hi</b>', 'one', 'two']);

  const exited = example.stop('SIGTERM');
  for (const { closed } of [ann, back, unsure]) assert.equal((await closed).code, 1001);
  assert.equal(await exited, 0);
};
