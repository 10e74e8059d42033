import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';

export default async ({ start }) => {
  const server = new WebSocketServer({ port: 0 });
  await once(server, 'listening');
  const heard = [];
  server.on('connection', (ws) => {
    const mine = [];
    heard.push(mine);
    ws.on('message', (data) => {
      const { subscribe } = JSON.parse(data);
      mine.push(data.toString());
      ws.send(JSON.stringify({ topic: subscribe, text: `hello ${heard.length}` }));
      if (mine.length < 2) return;
      // The first connection is lost, the second one is closed.
      if (heard.length === 1) ws.terminate();
      else ws.close(1000);
    });
  });
  const client = start({ args: [`ws://localhost:${server.address().port}`] });
  assert.equal(await client.exited, 0);
  server.close();

  const lines = client.output().trimEnd().split('\n');
  assert.deepEqual(lines.slice(-3), ['news: hello 2', 'sport: hello 2', 'closed']);
  const hello = ['{"subscribe":"news"}', '{"subscribe":"sport"}'];
  assert.deepEqual(heard, [hello, hello]);
};
