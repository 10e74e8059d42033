import assert from 'node:assert/strict';
import { addressOf } from './peer.mjs';

export default async ({ start }) => {
  const server = start({ name: 'start/server', env: { PORT: '0' } });
  const url = await addressOf(server);
  const talk = start({ args: [url] });
  await talk.line('Connected');
  talk.write('Hello, world!\n');
  await talk.line('!dlrow ,olleH');
  talk.endInput();
  assert.equal(await talk.exited, 0);
  await server.line('/echo closed 1000');

  // The server ends it: so does the program, though its input is open.
  const shutdown = start({ name: 'shutdown', env: { PORT: '0' } });
  const other = start({ args: [await addressOf(shutdown)] });
  other.write('hello\n');
  await other.line('HELLO');
  await shutdown.stop('SIGTERM');
  assert.equal(await other.exited, 1);
  assert.match(other.output(), /closed by the peer with 1001/);

  const refused = start({ args: [url.replace('/echo', '/nowhere')] });
  assert.equal(await refused.exited, 1);
  assert.match(refused.output(), /404/);

  const lost = start({ args: [url] });
  await lost.line('Connected');
  await server.stop('SIGKILL');
  assert.equal(await lost.exited, 1);
  assert.match(lost.output(), /1006/);
};
