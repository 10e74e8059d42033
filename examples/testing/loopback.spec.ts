// The whole way, with real frames, in the process: `server` is what runs in production too.
import { expect, test } from '@jest/globals';
import { handle, listen, reject } from 'rxjs-ws';
import { loopback } from 'rxjs-ws/testing';
import { firstValueFrom, map } from 'rxjs';

const server = listen({
  port: 8080,
  shouldUpgrade: ({ headers }) => headers['authorization'] === 'Bearer 1' || reject(401),
}).pipe(handle(({ text }) => text.pipe(map((line) => line.toUpperCase()))));

test('answers who may come in, and nobody else', async () => {
  await using net = loopback(server);
  const connection = await net.dial({ url: '/chat', headers: { authorization: 'Bearer 1' } });
  connection.send('hello');
  expect(await firstValueFrom(connection.text)).toBe('HELLO');
  await expect(net.dial('/chat')).rejects.toMatchObject({ code: 'HANDSHAKE', status: 401 });
  net.reset();
  expect(await firstValueFrom(connection.closed)).toMatchObject({ code: 1006, by: 'network' });
});
