import { describe, expect, it } from '@jest/globals';
import { nodeOpener } from '../../../src/client/webSocket/nodeOpener.ts';
import type { OpenedSocket, SocketTarget } from '../../../src/transports/SocketOpener.ts';
import { Inbox } from '../../connection/contract/Inbox.ts';
import { leavesNothing } from '../leavesNothing.ts';
import { rawServer } from '../rawServer.ts';
import { echo, firstClose, wsServer } from '../wsServer.ts';

type Told = readonly [name: string, what: unknown];

/** Opens, and keeps what the observer is told, one by one. */
function opening(target: Partial<SocketTarget> & { url: string }) {
  const told = new Inbox<Told>();
  const names: string[] = [];
  let opened: OpenedSocket | undefined;
  const tell =
    (name: string) =>
    (what: unknown): void => {
      names.push(name);
      told.push([name, what]);
    };
  const socket = nodeOpener.open(
    { protocol: undefined, binaryType: undefined, ...target },
    {
      opened: (each) => {
        opened = each;
        each.transport.open({
          message: (data, bytes) => each.told?.message?.(data, bytes),
          ended: (end) => each.told?.ended?.(end),
          ping: () => {},
          pong: () => {},
          roundTrip: () => {},
          exceeded: () => {},
          drained: () => {},
          answering: () => {},
          closing: () => {},
        });
        told.push(['opened', each.event]);
      },
      message: tell('message'),
      failed: tell('failed'),
      closed: tell('closed'),
      threw: tell('threw'),
    },
  );
  return { socket, told, names, transport: () => opened!.transport };
}

describe('nodeOpener', () => {
  it('tells of a connection in the events of a WebSocket', async () => {
    await using server = await wsServer((ws) => {
      ws.send('text');
      ws.send(Uint8Array.of(1, 2));
      ws.close(4000, 'enough');
    });
    const { socket, told } = opening({ url: server.url });
    expect(socket.isLive).toBe(true);
    expect(await told.next()).toEqual(['opened', { type: 'open' }]);
    expect(await told.next()).toEqual(['message', { type: 'message', data: 'text' }]);
    expect(await told.next()).toEqual(['message', { type: 'message', data: Buffer.of(1, 2) }]);
    expect(await told.next()).toEqual([
      'closed',
      { type: 'close', code: 4000, reason: 'enough', wasClean: true },
    ]);
    expect(socket.isLive).toBe(false);
  });

  it('gives bytes as they are asked for', async () => {
    await using server = await wsServer((ws) => ws.send(Uint8Array.of(1, 2)));
    const dataOf = async (binaryType: string): Promise<unknown> => {
      const { socket, told } = opening({ url: server.url, binaryType });
      await told.next();
      const [, event] = await told.next();
      socket.close(1000, '');
      return (event as { data: unknown }).data;
    };
    expect(await dataOf('arraybuffer')).toEqual(Uint8Array.of(1, 2).buffer);
    const blob = (await dataOf('blob')) as Blob;
    expect(Object.prototype.toString.call(blob)).toBe('[object Blob]');
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(Uint8Array.of(1, 2));
  });

  it('offers subprotocols', async () => {
    await using server = await wsServer(undefined, { handleProtocols: (offered) => [...offered].at(-1)! });
    const one = opening({ url: server.url, protocol: 'v1' });
    await one.told.next();
    expect(one.transport().protocol).toBe('v1');
    const two = opening({ url: server.url, protocol: ['v1', 'v2'] });
    await two.told.next();
    expect(two.transport().protocol).toBe('v2');
  });

  it('closes with the code that is asked for', async () => {
    const { watch, seen } = firstClose();
    await using server = await wsServer(watch);
    const { socket, told } = opening({ url: server.url });
    await told.next();
    socket.close(4000, 'enough');
    expect(await seen).toEqual([4000, 'enough']);
    expect(await told.next()).toMatchObject(['closed', { code: 4000, wasClean: true }]);
  });

  it('throws for a code or a reason that cannot be sent, and lives', async () => {
    const { watch, seen } = firstClose();
    await using server = await wsServer((ws) => {
      echo(ws);
      watch(ws);
    });
    const { socket, told } = opening({ url: server.url });
    await told.next();
    const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
    expect(() => socket.close(99, '')).toThrow(invalid);
    expect(() => socket.close(4000, 'x'.repeat(124))).toThrow(invalid);
    expect(socket.isLive).toBe(true);
    socket.close();
    expect(await seen).toEqual([1000, '']);
  });

  it('tells of a refusal as a WebSocket does: an error, and a close', async () => {
    await using server = await wsServer(undefined, { verifyClient: () => false });
    const { socket, told } = opening({ url: server.url });
    expect(await told.next()).toMatchObject([
      'failed',
      { type: 'error', message: expect.stringContaining('401'), error: { code: 'HANDSHAKE', status: 401 } },
    ]);
    expect(await told.next()).toEqual(['closed', { type: 'close', code: 1006, reason: '', wasClean: false }]);
    expect(socket.isLive).toBe(false);
  });

  it('tells of a loss', async () => {
    await using server = await wsServer((ws) => ws.terminate());
    const { told } = opening({ url: server.url });
    await told.next();
    expect(await told.next()).toMatchObject(['closed', { code: 1006, wasClean: false }]);
  });

  it('stops opening when it is closed, tells so in a later turn, and leaves nothing', async () => {
    await leavesNothing(async () => {
      let asked = (): void => {};
      const request = new Promise<void>((done) => (asked = done));
      await using server = await rawServer(() => asked());
      const { socket, told, names } = opening({ url: server.url });
      await request;
      socket.close();
      socket.close();
      expect(socket.isLive).toBe(false);
      expect(names).toEqual([]);
      expect(await told.next()).toMatchObject(['closed', { code: 1006, wasClean: false }]);
      await server.gone();
    });
  });

  it.each([
    ['a URL that is none', { url: 'nonsense' }],
    ['a URL of another kind', { url: 'ftp://localhost' }],
    ['a subprotocol that cannot be sent', { url: 'ws://localhost:9', protocol: 'a b' }],
  ])('throws for %s', (_name, target) => {
    expect(() => opening(target)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  describe('sends', () => {
    it.each([
      ['text', 'text'],
      [5, '5'],
      [undefined, 'undefined'],
      [null, 'null'],
      [true, 'true'],
    ])('%p as %p', (message, payload) => {
      expect(nodeOpener.payloadOf(message)).toBe(payload);
    });

    it.each([[Uint8Array.of(1)], [Uint8Array.of(1).buffer], [new DataView(Uint8Array.of(1).buffer)]])(
      'bytes: %p',
      (message) => {
        expect(nodeOpener.payloadOf(message)).toEqual(Uint8Array.of(1));
      },
    );

    it.each([
      ['an object', {}],
      ['a Blob', new Blob(['a'])],
    ])('not %s', (_name, message) => {
      expect(() => nodeOpener.payloadOf(message)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
    });
  });

  it('sends no promise, and leaves no rejection behind', () => {
    const promise = Promise.reject(new Error('not handled'));
    expect(() => nodeOpener.payloadOf(promise)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it('keeps little in the socket: it tells when bytes have left', () => {
    expect(nodeOpener.highWaterBytes(16_777_216, true)).toBe(65_536);
    expect(nodeOpener).toMatchObject({ sendsAtOnce: false, closeTimeoutMs: 30_000 });
  });
});
