import assert from 'node:assert/strict';
import { peer } from './peer.mjs';

export default async ({ start }) => {
  const example = start({ env: { PORT: '0' } });
  const port = /port: (\d+)/.exec(await example.line(/port: \d+/))[1];
  const scrape = async () => {
    const text = await (await fetch(`http://localhost:${port}/metrics`)).text();
    for (const line of text.trimEnd().split('\n'))
      assert.match(line, /^(# TYPE \w+ (gauge|counter)|\w+(\{\w+="[^"]*"\})? -?[\d.e+-]+)$/);
    return Object.fromEntries(
      text
        .trimEnd()
        .split('\n')
        .filter((line) => !line.startsWith('#'))
        .map((line) => line.split(' ')),
    );
  };
  assert.equal((await scrape()).ws_open_connections, '0');

  const client = await peer(`ws://localhost:${port}/shout`);
  client.send('a');
  assert.equal(await client.next(), 'A');
  await assert.rejects(peer(`ws://localhost:${port}/shout?no`), /403/);
  await assert.rejects(peer(`ws://localhost:${port}/nowhere`), /404/);
  await example.line('path 404 /nowhere');
  const during = await scrape();
  assert.equal(during.ws_open_connections, '1');
  assert.equal(during['ws_messages_total{direction="in"}'], '1');
  assert.equal(during['ws_refused_total{reason="decision"}'], '1');
  assert.equal(during['ws_refused_total{reason="path"}'], '1');
  assert.ok(Number(during['ws_bytes_total{direction="in"}']) > 100);

  client.socket.close(4000);
  await client.closed;
  let after = await scrape();
  while (after.ws_open_connections !== '0') after = await scrape();
  assert.equal(after['ws_ended_total{code="4000"}'], '1');
};
