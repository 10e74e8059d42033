import assert from 'node:assert/strict';
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { text } from 'node:stream/consumers';
import { peer } from './peer.mjs';

const options = { rejectUnauthorized: false };
const page = (get, url) =>
  new Promise((found, failed) =>
    get(url, options, (response) => text(response).then(found, failed)).on('error', failed),
  );

export default async ({ start }) => {
  const example = start({ env: { PORT: '0' } });
  const ports = () => [...example.output().matchAll(/port: (\d+)/g)].map(([, port]) => port);
  while (ports().length < 2) await new Promise((later) => setTimeout(later, 20));
  const [plain, secure] = ports();
  assert.equal(await page(httpGet, `http://localhost:${plain}/`), 'ordinary HTTP');
  assert.equal(await page(httpsGet, `https://localhost:${secure}/`), 'ordinary HTTP');

  for (const url of [`ws://localhost:${plain}`, `wss://localhost:${secure}`]) {
    const said = async (path, line) => {
      const client = await peer(`${url}${path}`, { ...options, headers: { 'user-agent': 'driver' } });
      client.send(line);
      const answer = await client.next();
      client.socket.close();
      await client.closed;
      return answer;
    };
    assert.equal(await said('/echo', 'a'), 'a');
    assert.equal(await said('/api/v1/things?x=1', 'b'), '/api/v1/things: b');
    assert.equal(await said('/by-hand', 'c'), 'c, driver');
    await assert.rejects(said('/nowhere', 'd'), /404/);
  }
};
