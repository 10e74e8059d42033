import assert from 'node:assert/strict';
import { addressOf, peer } from './peer.mjs';

const json = (message) => JSON.stringify(message);

export default async ({ start }) => {
  const server = start({ env: { PORT: '0' } });
  const url = await addressOf(server);

  // The two ends of the example, talking to each other.
  const client = start({ args: [url] });
  await client.line('1 + 2 + 3 = 6');
  await server.line('a client is here');

  // A stranger, who answers late and out of order, and asks for what there is not.
  const stranger = await peer(url);
  const { id, method } = JSON.parse(await stranger.next());
  assert.equal(method, 'whoAreYou');
  stranger.send(json({ id: 7, method: 'subtract', params: [] }));
  stranger.send(json({ id: 8, method: 'add', params: [20, 22] }));
  const replies = [JSON.parse(await stranger.next()), JSON.parse(await stranger.next())];
  assert.deepEqual(
    replies.find((reply) => reply.id === 8),
    { id: 8, result: 42 },
  );
  assert.match(replies.find((reply) => reply.id === 7).error, /TypeError/);
  stranger.send(json({ id: id + 100, result: 'nobody' }));
  stranger.send(json({ id, result: 'a stranger' }));
  await server.line('a stranger is here');

  // A server that is killed is waited for, and its successor is asked.
  const { port } = new URL(url);
  await server.stop('SIGKILL');
  const successor = start({ env: { PORT: port } });
  await addressOf(successor);
  await successor.line('a client is here');
};
