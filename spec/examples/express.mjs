import assert from 'node:assert/strict';
import { peer } from './peer.mjs';

export default async ({ start }) => {
  const example = start({ env: { PORT: '0' } });
  const port = /port: (\d+)/.exec(await example.line(/port: \d+/))[1];
  const url = `ws://localhost:${port}`;

  assert.equal(await (await fetch(`http://localhost:${port}/`)).text(), 'ordinary HTTP');

  const echo = await peer(`${url}/echo`);
  echo.send('text');
  assert.equal(await echo.next(), 'text');
  echo.send(Buffer.from([1, 2, 3]));
  assert.deepEqual(await echo.next(), Buffer.from([1, 2, 3]));

  const clock = await peer(`${url}/clock`);
  assert.match(await clock.next(), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

  const admin = await peer(`${url}/admin`, { headers: { 'x-admin': 'Ada' } });
  admin.send('hello');
  assert.equal(await admin.next(), 'Ada: hello');
  admin.send('x'.repeat(2_000));
  assert.equal((await admin.closed).code, 1009);

  await assert.rejects(peer(`${url}/admin`), /403/);
  await assert.rejects(peer(`${url}/nowhere`), /404/);

  // What happened to one endpoint is nothing to another.
  echo.send('still here');
  assert.equal(await echo.next(), 'still here');
};
