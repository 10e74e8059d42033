import { describe, expect, it } from '@jest/globals';
import { firstValueFrom, lastValueFrom, merge, switchMap, take, tap, toArray } from 'rxjs';
import { connect } from '../../../src/client/platform/connect.ts';
import { closeFrame, rawServer, switching, textFrame } from '../rawServer.ts';
import { echo, firstClose, wsServer } from '../wsServer.ts';
import { platformWebSocket } from './platformWebSocket.ts';

describe('connect, in a page', () => {
  platformWebSocket();

  it('talks, text and bytes, and closes with 1000 on unsubscribe', async () => {
    const { watch, seen } = firstClose();
    await using server = await wsServer((ws) => {
      echo(ws);
      watch(ws);
    });
    const replies = connect(server.url).pipe(
      tap(({ send }) => {
        send('a');
        send(Uint8Array.of(1, 2));
      }),
      switchMap(({ text, binary }) => merge(text, binary)),
      take(2),
      toArray(),
    );
    expect(await lastValueFrom(replies)).toEqual(['a', Uint8Array.of(1, 2)]);
    expect(await seen).toEqual([1000, '']);
  });

  it('loses nothing that came with the answer', async () => {
    await using server = await rawServer((socket, head) =>
      socket.end(switching(head) + textFrame('a') + textFrame('b') + closeFrame, 'latin1'),
    );
    const messages = connect(server.url).pipe(switchMap((connection) => connection.messages));
    expect(await lastValueFrom(messages.pipe(toArray()))).toEqual(['a', 'b']);
  });

  it('errors with the code that the server closed with', async () => {
    await using server = await wsServer((ws) => ws.close(4401, 'log in'));
    await expect(lastValueFrom(connect(server.url))).rejects.toMatchObject({
      close: { code: 4401, reason: 'log in', by: 'peer', wasClean: true },
    });
  });

  it('keeps a code that a page may not send in `closed`', async () => {
    const { watch, seen } = firstClose();
    await using server = await wsServer(watch);
    const connection = await lastValueFrom(
      connect(server.url).pipe(tap(({ close }) => close(1001, 'leaving'))),
    );
    expect(await firstValueFrom(connection.closed)).toMatchObject({
      code: 1001,
      reason: 'leaving',
      by: 'local',
    });
    expect(await seen).toEqual([1005, '']);
  });

  it('is not told why a server refuses', async () => {
    await using server = await wsServer(undefined, { verifyClient: () => false });
    await expect(lastValueFrom(connect(server.url))).rejects.toMatchObject({
      code: 'HANDSHAKE',
      status: undefined,
      headers: {},
      body: '',
    });
  });

  it('refuses headers, which a page cannot set', async () => {
    const config = { url: 'ws://localhost:9/', headers: { authorization: 'Bearer t' } };
    await expect(lastValueFrom(connect(config))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('closes with 1009 for a message that is too large', async () => {
    await using server = await wsServer((ws) => ws.send('x'.repeat(11)));
    await expect(lastValueFrom(connect({ url: server.url, maxMessageBytes: 10 }))).rejects.toMatchObject({
      close: { code: 1009, by: 'local' },
    });
  });

  it('sends more than the window, no faster than it leaves, and all of it', async () => {
    let bytes = 0;
    let done = (): void => {};
    const all = new Promise<void>((resolve) => (done = resolve));
    await using server = await wsServer((ws) =>
      ws.on('message', (data: Buffer) => {
        bytes += data.length;
        if (bytes === 3_000_000) done();
      }),
    );
    let most = 0;
    const subscription = connect({ url: server.url, maxQueuedBytes: 4_000_000 }).subscribe((connection) => {
      for (let i = 0; i < 100; i++) connection.send('x'.repeat(30_000));
      most = connection.bufferedBytes;
    });
    await all;
    expect(most).toBeGreaterThan(2_000_000);
    subscription.unsubscribe();
  });

  it('stops connecting on unsubscribe', async () => {
    let asked = (): void => {};
    const request = new Promise<void>((resolve) => (asked = resolve));
    await using server = await rawServer(() => asked());
    const subscription = connect(server.url).subscribe();
    await request;
    subscription.unsubscribe();
    await server.gone();
    expect(server.sockets).toHaveLength(1);
  });
});
