// What the page does is in spec/browser; here the server is talked to without one.
import assert from 'node:assert/strict';
import { peer } from '../peer.mjs';

export default async ({ start }) => {
  const example = start({ env: { PORT: '0' } });
  const site = /http:\S+/.exec(await example.line('open http'))[0];
  const url = site.replace(/^http/, 'ws');
  assert.match(await example.line('/echo'), new RegExp(`npm run talk -- ${url}/echo$`));

  const page = await fetch(site);
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(await page.text(), /<title>rxjs-ws<\/title>/);
  for (const file of ['page.js', 'page.css']) assert.equal((await fetch(`${site}/${file}`)).status, 200);
  assert.equal((await fetch(`${site}/nothing`)).status, 404);

  const echo = await peer(`${url}/echo`);
  assert.equal(await echo.next(), 'Connected');
  echo.send('héllo 👩‍👩‍👧');
  assert.equal(await echo.next(), '👩‍👩‍👧 olléh');

  const ticker = await peer(`${url}/ticker`);
  assert.equal(JSON.parse(await ticker.next()).people, 1);
  const second = await peer(`${url}/ticker`);
  assert.equal(JSON.parse(await second.next()).people, 2);
  second.socket.terminate();
  let people;
  do people = JSON.parse(await ticker.next()).people;
  while (people !== 1);

  await assert.rejects(peer(url), /404/);
  await assert.rejects(peer(`${url}/deny`), /404/);

  const exited = example.stop('SIGTERM');
  for (const client of [echo, ticker]) assert.equal((await client.closed).code, 1001);
  assert.equal(await exited, 0);
  await example.line('all closed');
};
