import { describe, expect, it } from '@jest/globals';
import { lastValueFrom, toArray } from 'rxjs';
import { dial } from '../../../src/client/platform/dial.ts';
import { closeFrame, rawServer, switching, textFrame } from '../rawServer.ts';
import { echo, firstClose, wsServer } from '../wsServer.ts';
import { platformWebSocket } from './platformWebSocket.ts';

describe('dial, in a page', () => {
  platformWebSocket();

  it('gives an open connection, until it is closed', async () => {
    const { watch, seen } = firstClose();
    await using server = await wsServer((ws) => {
      echo(ws);
      watch(ws);
    });
    {
      await using connection = await dial(server.url);
      expect(connection.capabilities).toEqual({ hold: false, ping: false, fragments: false });
      connection.send('a');
      for await (const message of connection) {
        expect(message).toBe('a');
        break;
      }
      expect(connection.state).toBe('open');
    }
    expect(await seen).toEqual([1000, '']);
  });

  it('keeps what came with the answer, however late it is read', async () => {
    await using server = await rawServer((socket, head) =>
      socket.end(switching(head) + textFrame('a') + textFrame('b') + closeFrame, 'latin1'),
    );
    const connection = await dial(server.url);
    await lastValueFrom(connection.closed);
    expect(await lastValueFrom(connection.messages.pipe(toArray()))).toEqual(['a', 'b']);
  });

  it('rejects where there is no server', async () => {
    await expect(dial('ws://127.0.0.1:9/')).rejects.toMatchObject({ code: 'HANDSHAKE', status: undefined });
  });
});
