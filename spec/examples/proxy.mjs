import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { addressOf, peer } from './peer.mjs';

export default async ({ start }) => {
  const upstream = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(upstream, 'listening');
  let accepted;
  upstream.on('connection', (socket) => {
    accepted = socket;
    socket.on('message', (data, binary) => socket.send(data, { binary }));
  });
  try {
    const args = [`ws://127.0.0.1:${upstream.address().port}`];
    const url = await addressOf(start({ args, env: { PORT: '0' } }));
    const client = await peer(url);
    for (const text of ['a', 'héllo 👩‍👩‍👧', 'x'.repeat(300_000)]) {
      client.send(text);
      assert.equal(await client.next(), text);
    }

    // An upstream that does not read makes the client wait: what the proxy takes is bounded.
    accepted.pause();
    const chunk = Buffer.alloc(65_536);
    const { socket } = client;
    let sent = 0;
    for (let idle = 0; idle < 20 && sent < 200;) {
      if (socket.bufferedAmount > 1_048_576) idle++;
      else {
        idle = 0;
        client.send(chunk);
        sent++;
      }
      await new Promise((done) => setTimeout(done, 10));
    }
    assert.ok(sent < 200, `the proxy took ${sent} chunks that nobody reads`);
    accepted.resume();
    for (let i = 0; i < sent; i++) assert.equal((await client.next()).length, chunk.length);

    // An upstream that leaves ends the client's connection too.
    accepted.close(1000);
    assert.equal((await client.closed).code, 1000);
  } finally {
    upstream.close();
  }
};
