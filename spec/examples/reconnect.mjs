import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';

/** A server of quotes: tells a price to who asks for a symbol. */
const serve = async (port, price) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port });
  const asked = [];
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const { type, symbol } = JSON.parse(data.toString());
      asked.push(`${type} ${symbol}`);
      if (type === 'sub') socket.send(JSON.stringify({ symbol, price }));
    });
  });
  await once(server, 'listening');
  const stop = async () => {
    for (const socket of server.clients) socket.terminate();
    server.close();
    await once(server, 'close');
  };
  return { server, asked, stop, port: server.address().port };
};

export default async ({ start }) => {
  const first = await serve(0, 1);
  const client = start({ args: [`ws://127.0.0.1:${first.port}`] });
  await client.line('open');
  await client.line('DUFF 1');
  // Two listen to ACME, and it was asked for once.
  assert.deepEqual(first.asked, ['sub ACME', 'sub DUFF']);
  await first.stop();
  await client.line('waiting');

  const second = await serve(first.port, 2);
  await client.line('DUFF 2');
  await client.line('ACME 2');
  assert.deepEqual(second.asked, ['sub ACME', 'sub DUFF']);
  assert.equal(client.output().match(/ACME 1/g).length, 2);

  const [socket] = second.server.clients;
  const closed = once(socket, 'close');
  assert.equal(await client.stop('SIGTERM'), 0);
  assert.equal((await closed)[0], 1000);
  await client.line('closed');
  await second.stop();
};
