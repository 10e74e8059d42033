import { expect, it } from '@jest/globals';
import { listen } from '../../../src/transports/platform/PlatformSocket.ts';
import { FakeSocket } from './FakeSocket.ts';

it('listen tells all that happens, until it is told not to', () => {
  const socket = new FakeSocket();
  const seen: string[] = [];
  const forget = listen(socket, ({ type }) => seen.push(type));
  for (const type of ['open', 'message', 'error', 'close']) socket.emit(type);
  forget();
  socket.emit('message');
  expect(seen).toEqual(['open', 'message', 'error', 'close']);
  expect(socket.listening).toEqual([]);
});
