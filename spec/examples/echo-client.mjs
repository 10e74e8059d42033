import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { addressOf } from './peer.mjs';

const lines = (client) => client.output().trimEnd().split('\n');

export default async ({ start }) => {
  // With the server that belongs to it.
  const server = start({ name: 'echo-server', env: { PORT: '0' } });
  const client = start({ args: [await addressOf(server)] });
  await client.line('!dlrow ,olleH');
  assert.deepEqual(lines(client), ['Server echo: Connected', 'Server echo: !dlrow ,olleH']);
  await server.stop('SIGKILL');
  assert.equal(await client.exited, 0);
  assert.match(lines(client)[2], /lost with 1006/);

  // With one that closes.
  const closing = new WebSocketServer({ port: 0 });
  await once(closing, 'listening');
  closing.on('connection', (ws) =>
    ws.on('message', (data) => {
      ws.send(`got ${data}`);
      ws.close(1000);
    }),
  );
  const second = start({ args: [`ws://localhost:${closing.address().port}`] });
  assert.equal(await second.exited, 0);
  assert.deepEqual(lines(second), ['Server echo: got Hello, world!', 'closed']);
  closing.close();
};
