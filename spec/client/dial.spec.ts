import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { lastValueFrom, toArray } from 'rxjs';
import { dial } from '../../src/client/dial.ts';
import { closeFrame, rawServer, switching, textFrame } from './rawServer.ts';
import { echo, firstClose, wsServer } from './wsServer.ts';

describe('dial', () => {
  it('gives an open connection, which stays open', async () => {
    await using server = await wsServer(echo);
    const connection = await dial(server.url);
    await turn();
    expect(connection.state).toBe('open');
    connection.send('still here');
    for await (const message of connection) {
      expect(message).toBe('still here');
      break;
    }
    expect(connection.state).toBe('open');
    expect(server.clients.size).toBe(1);
  });

  it('is closed with 1000 by `await using`', async () => {
    const { watch, seen } = firstClose();
    await using server = await wsServer(watch);
    {
      await using connection = await dial(server.url);
      expect(connection.state).toBe('open');
    }
    expect(await seen).toEqual([1000, '']);
  });

  it('keeps what came with the answer, however late it is read', async () => {
    await using server = await rawServer((socket, head) =>
      socket.write(switching(head) + textFrame('a') + textFrame('b') + closeFrame, 'latin1'),
    );
    const connection = await dial(server.url);
    await lastValueFrom(connection.closed);
    await turn();
    expect(await lastValueFrom(connection.messages.pipe(toArray()))).toEqual(['a', 'b']);
  });

  it('ends `for await` with an error where the peer closed because of one', async () => {
    await using server = await wsServer((ws) => ws.close(4001, 'log in'));
    const connection = await dial(server.url);
    const read = async (): Promise<void> => {
      for await (const message of connection) expect(message).toBe('none');
    };
    await expect(read()).rejects.toMatchObject({
      code: 'CONNECTION_CLOSED',
      close: { code: 4001, reason: 'log in' },
    });
  });

  it('asks the function at each call', async () => {
    const paths: unknown[] = [];
    await using server = await wsServer((_ws, { url }) => paths.push(url));
    let count = 0;
    const config = (): Promise<string> => Promise.resolve(`${server.url}?token=${++count}`);
    await dial(config);
    await dial(config);
    expect(paths).toEqual(['/chat?token=1', '/chat?token=2']);
  });

  it.each([
    ['a bad URL', 'nowhere', { code: 'INVALID_ARGUMENT' }],
    ['a wrong scheme', 'ftp://localhost/', { code: 'INVALID_ARGUMENT' }],
    [
      'a header that cannot be sent',
      { url: 'ws://localhost:9', headers: { a: '\r\n' } },
      { code: 'INVALID_ARGUMENT' },
    ],
    ['a server that is not there', 'ws://127.0.0.1:9', { code: 'HANDSHAKE', status: undefined }],
  ])('rejects for %s', async (_name, config, error) => {
    await expect(dial(config)).rejects.toMatchObject(error);
  });

  describe('with a signal', () => {
    it('rejects with its reason where it is aborted before the end of the handshake', async () => {
      const controller = new AbortController();
      const reason = new Error('changed my mind');
      await using server = await rawServer(() => controller.abort(reason));
      await expect(dial({ url: server.url, signal: controller.signal })).rejects.toBe(reason);
      await server.gone();
    });

    it('is closed with 1000 where it is aborted later, and then `for await` ends well', async () => {
      const { watch, seen } = firstClose();
      await using server = await wsServer(watch);
      const controller = new AbortController();
      const connection = await dial({ url: server.url, signal: controller.signal });
      controller.abort();
      expect(connection.state).toBe('closing');
      for await (const message of connection) expect(message).toBe('none');
      expect(await seen).toEqual([1000, '']);
    });
  });
});
