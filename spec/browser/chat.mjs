// The page of examples/chat: two of it on two nodes, of which one is killed.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { chatter } from '../examples/chat/chatter.mjs';
import { killAll, startFile } from '../package/child.mjs';
import { freePort } from '../package/freePort.mjs';
import { ownRedis } from '../package/ownRedis.mjs';

const root = resolve(import.meta.dirname, '../..');

export default async (page) => {
  try {
    const redis = await ownRedis();
    if (redis !== undefined) await twoNodes(page.context(), redis.url);
  } finally {
    killAll();
  }
};

async function twoNodes(context, redis) {
  const ports = [await freePort(), await freePort()];
  const start = async (PORT) => {
    const OTHER_PORTS = ports.find((port) => port !== PORT);
    const env = { PORT: `${PORT}`, OTHER_PORTS: `${OTHER_PORTS}`, REDIS: redis };
    const node = startFile(resolve(root, 'examples/chat/server.ts'), { cwd: root, env });
    await node.line('open http');
    return node;
  };
  const [first, second] = await Promise.all(ports.map(start));
  const ann = await open(context, `http://localhost:${ports[0]}/?name=ann`);
  const bob = await open(context, `http://localhost:${ports[1]}`);
  const cat = await chatter(`ws://localhost:${ports[1]}/chat`, 'cat');

  // They come by their address, or by hand; see each other; and whatever they are called is text.
  await bob.page.getByLabel('Name').fill('<b>bob</b>');
  await bob.page.getByRole('button', { name: 'Join' }).click();
  for (const one of [ann, bob]) {
    await one.is('open');
    await one.sees(['<b>bob</b>', 'ann', 'cat']);
  }
  await ann.say('<i>hello</i>');
  await bob.say('hi');
  for (const one of [ann, bob]) {
    await one.hears('<b>bob</b>', 'hi');
    await one.hears('ann', '<i>hello</i>');
    assert.equal(await one.page.locator('li b, li i').count(), 0);
  }

  // A line that is said again is the same line.
  for (const [text, key] of [['twice', 'key'], ['between'], ['twice', 'key'], ['behind']]) cat.say(text, key);
  await ann.hears('cat', 'behind');
  assert.deepEqual((await ann.texts()).slice(-3), ['twice', 'between', 'behind']);

  // Lines go on, one after the other, while the node of the first page is killed.
  let isOver = false;
  let count = 0;
  const talking = (async () => {
    while (!isOver) {
      cat.say(`${count}`);
      while ((await cat.hears('line')).text !== `${count}`);
      count += 1;
    }
  })();
  await ann.hears('cat', '3');
  await first.stop('SIGKILL');
  // Where it is told that its node has gone, or not yet: what is said now waits.
  await ann.say('am I heard?');
  await bob.hears('ann', 'am I heard?');
  await ann.is('open');
  const here = count;
  await ann.hears('cat', `${here + 5}`);
  isOver = true;
  await talking;
  for (const one of [ann, bob]) await one.hears('cat', `${count - 1}`);
  const others = ['<i>hello</i>', 'am I heard?', 'behind', 'between', 'hi', 'twice'];
  await missedNothing([ann, bob], count, others);
  await bob.sees(['<b>bob</b>', 'ann', 'cat']);

  // Offline, there is no attempt. Meanwhile the other node goes too, and the first one comes back.
  await context.setOffline(true);
  await second.stop('SIGKILL');
  for (const one of [ann, bob]) {
    await one.is('waiting');
    await one.waits('until this page is online');
  }
  const again = await start(ports[0]);
  const dog = await chatter(`ws://localhost:${ports[0]}/chat`, 'dog');
  for (let n = 0; n < 5; n++) dog.say(`dog ${n}`);
  await bob.say('when I am back');
  await context.setOffline(false);
  for (const one of [ann, bob]) {
    await one.is('open');
    await one.hears('dog', 'dog 4');
    await one.hears('<b>bob</b>', 'when I am back');
    await one.sees(['<b>bob</b>', 'ann', 'dog']);
  }
  const dogs = Array.from({ length: 5 }, (_, n) => `dog ${n}`);
  await missedNothing([ann, bob], count, [...others, ...dogs, 'when I am back'].sort());

  // Another room: nobody of this one is there, nor what was said here.
  await bob.page.getByLabel('Room').fill('*');
  await bob.page.getByRole('button', { name: 'Join' }).click();
  await bob.sees(['<b>bob</b>']);
  await ann.sees(['ann', 'dog']);
  assert.deepEqual(await bob.texts(), []);

  const stopped = again.stop('SIGTERM');
  await ann.waits(/^again in \d\.\d s$/);
  assert.equal(await stopped, 0);
  for (const one of [ann, bob]) await one.page.close();
}

/** Each line is there once, and in its order; and what was said in between. */
async function missedNothing(pages, count, others) {
  const [one, other] = await Promise.all(pages.map(({ texts }) => texts()));
  assert.deepEqual(one, other);
  const numbers = Array.from({ length: count }, (_, n) => `${n}`);
  assert.deepEqual(
    one.filter((text) => /^\d+$/.test(text)),
    numbers,
  );
  assert.deepEqual(one.filter((text) => !/^\d+$/.test(text)).sort(), others);
}

/** A page, and what is seen and done on it. */
async function open(context, url) {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(url);
  const shows = (id, hasText) => page.locator(`#${id}`).filter({ hasText }).waitFor();
  return {
    page,
    is: (state) => shows('status', new RegExp(`^${state}$`)),
    waits: (text) => shows('countdown', text),
    say: async (text) => {
      await page.getByLabel('Text').fill(text);
      await page.getByRole('button', { name: 'Say' }).click();
    },
    /** A line that came from the server: it has a time. */
    hears: (from, text) =>
      page.waitForFunction(
        (wanted) =>
          [...document.querySelectorAll('#log li')].some(({ children: [from, text, at] }) =>
            [from.textContent, text?.textContent, at?.textContent !== '…'].every((is, i) => is === wanted[i]),
          ),
        [from, text, true],
      ),
    sees: (names) =>
      page.waitForFunction(
        (names) =>
          JSON.stringify([...document.querySelectorAll('#members li')].map((item) => item.textContent)) ===
          names,
        JSON.stringify(names),
      ),
    texts: () =>
      page
        .locator('#log li')
        .evaluateAll((items) => items.map(({ children: [from, text] }) => (text ?? from).textContent)),
  };
}
