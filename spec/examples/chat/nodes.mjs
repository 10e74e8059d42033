// `npm run example:chat`: one node with memory, and two over Redis, of which one is killed.
import assert from 'node:assert/strict';
import { freePort } from '../../package/freePort.mjs';
import { ownRedis } from '../../package/ownRedis.mjs';
import { chatter } from './chatter.mjs';

export default async ({ start }) => {
  const alone = start({ env: { PORTS: '0' } });
  const [, port] = /localhost:(\d+)/.exec(await alone.line('open http'));
  const ann = await chatter(`ws://localhost:${port}/chat`, 'ann');
  await ann.sees('ann');
  // A port that is taken.
  const second = start({ env: { PORTS: port } });
  await second.line('EADDRINUSE');
  assert.equal(await second.exited, 1);
  // Only what was started is told to end; it ends its node.
  process.kill(alone.pid, 'SIGTERM');
  assert.equal((await ann.closed).code, 1001);
  assert.equal(await alone.exited, 0);

  const redis = await ownRedis();
  if (redis !== undefined) await twoNodes(start, redis.url);
};

async function twoNodes(start, redis) {
  const ports = [await freePort(), await freePort()];
  const example = start({ args: ['--redis', redis], env: { PORTS: ports.join() } });
  const pids = [];
  for (const port of ports)
    pids.push(Number(/process (\d+)/.exec(await example.line(`open http://localhost:${port}`))[1]));
  const [first, second] = ports.map((port) => `ws://localhost:${port}/chat`);

  // On two nodes, they see and hear each other.
  const ann = await chatter(first, 'ann');
  const cat = await chatter(first, 'cat');
  const bob = await chatter(second, 'bob');
  for (const one of [ann, bob]) await one.sees('ann', 'bob', 'cat');
  ann.say('hi');
  bob.say('hello');
  const heard = [];
  for (const one of [ann, bob]) heard.push([await one.hears('line'), await one.hears('line')]);
  assert.deepEqual(heard[0], heard[1]);
  assert.deepEqual(heard[0].map(({ from }) => from).sort(), ['ann', 'bob']);

  // One node is killed while lines go on. Ann comes back to the other, and has missed nothing; the cat is gone in a while.
  const texts = Array.from({ length: 10 }, (_, n) => `line ${n}`);
  for (const text of texts.slice(0, 5)) bob.say(text);
  process.kill(pids[0], 'SIGKILL');
  assert.equal((await ann.closed).code, 1006);
  assert.equal((await cat.closed).code, 1006);
  for (const text of texts.slice(5)) bob.say(text);
  const back = await chatter(second, 'ann', { since: heard[0][1].id });
  assert.deepEqual(await back.lines(10), texts);
  assert.deepEqual(await bob.lines(10), texts);
  for (const one of [bob, back]) await one.sees('ann', 'bob');
  await example.line(`the node on ${ports[0]} has ended with SIGKILL`);

  process.kill(example.pid, 'SIGTERM');
  for (const { closed } of [bob, back]) assert.equal((await closed).code, 1001);
  assert.equal(await example.exited, 0);
}
