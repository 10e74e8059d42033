import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { bytesOf, payloadOf } from '../../../src/core/Outbound.ts';
import { platformOpener, platformWebSocket } from '../../../src/transports/platform/platformOpener.ts';
import type { OpenedSocket, SocketObserver, SocketTarget } from '../../../src/transports/SocketOpener.ts';
import { type FakePlatform, fakePlatform } from '../../client/webSocket/FakeWebSocket.ts';

describe('platformOpener', () => {
  let log: string[];
  let platform: FakePlatform;
  let observer: jest.Mocked<SocketObserver>;
  const target: SocketTarget = { url: 'ws://server', protocol: undefined, binaryType: undefined };

  beforeEach(() => {
    log = [];
    platform = fakePlatform(log);
    observer = {
      opened: jest.fn(),
      message: jest.fn(),
      failed: jest.fn(),
      closed: jest.fn(),
      threw: jest.fn(),
    };
  });
  const opener = () => platformOpener(platform.WebSocketCtor);
  const open = (more: Partial<SocketTarget> = {}) => opener().open({ ...target, ...more }, observer);

  it('opens with the subprotocols and the kind of bytes that are asked for', () => {
    open();
    open({ protocol: 'v1', binaryType: 'arraybuffer' });
    open({ protocol: ['v1', 'v2'] });
    expect(log).toEqual(['0: new ws://server', '1: new ws://server v1', '2: new ws://server v1,v2']);
    expect(platform.sockets.map(({ binaryType }) => binaryType)).toEqual(['blob', 'arraybuffer', 'blob']);
  });

  it('throws what the constructor throws', () => {
    platform.fault = new SyntaxError('this is no URL');
    expect(() => open()).toThrow('this is no URL');
  });

  it('leaves no socket where it cannot be set up', () => {
    const { WebSocketCtor } = platform;
    platform = {
      ...platform,
      WebSocketCtor: class {
        constructor(url: string) {
          return Object.defineProperty(new WebSocketCtor(url), 'binaryType', {
            set: () => {
              throw new Error('not this one');
            },
          });
        }
      } as never,
    };
    expect(() => open({ binaryType: 'blob' })).toThrow('not this one');
    expect(log).toEqual(['0: new ws://server', '0: close']);
  });

  it('tells of the events as they are', () => {
    open();
    const [socket] = platform.sockets;
    socket!.open();
    socket!.receive('a');
    socket!.fail();
    socket!.end({ wasClean: false, code: 1006 });
    expect(observer.opened.mock.calls).toMatchObject([[{ event: { type: 'open', socket: 0 } }]]);
    expect(observer.message.mock.calls).toEqual([[{ type: 'message', socket: 0, data: 'a' }]]);
    expect(observer.failed.mock.calls).toEqual([[{ type: 'error', socket: 0 }]]);
    expect(observer.closed.mock.calls).toEqual([[{ type: 'close', socket: 0, wasClean: false, code: 1006 }]]);
  });

  it('is live until the socket closes', () => {
    const opening = open();
    expect(opening.isLive).toBe(true);
    platform.sockets[0]!.open();
    expect(opening.isLive).toBe(true);
    opening.close(4000, 'enough');
    expect(opening.isLive).toBe(false);
    open().close();
    expect(log.slice(1)).toEqual(['0: close 4000 enough', '1: new ws://server', '1: close']);
  });

  it('gives a transport that ends with the socket', () => {
    open();
    const [socket] = platform.sockets;
    socket!.open();
    const { transport } = observer.opened.mock.calls[0]![0] as OpenedSocket;
    const ended = jest.fn();
    transport.open({ ended } as never);
    socket!.end({ wasClean: true, code: 4000, reason: 'enough' });
    expect(ended.mock.calls).toMatchObject([[{ code: 4000, reason: 'enough', wasClean: true }]]);
  });

  it.each([
    ['a', 1],
    ['é', 2],
    [Uint8Array.of(1, 2), 2],
    [new ArrayBuffer(3), 3],
    [new DataView(new ArrayBuffer(4)), 4],
    [new Blob(['12345']), 5],
    [undefined, 9],
    [12, 2],
  ])('sends %p as it is, and counts its bytes', (message, bytes) => {
    const payload = opener().payloadOf(message);
    expect(payloadOf(payload as never)).toBe(message);
    expect(bytesOf(payload as never)).toBe(bytes);
  });

  it('sends no promise, and leaves no rejection behind', () => {
    const promise = Promise.reject(new Error('not handled'));
    expect(() => opener().payloadOf(promise)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('gives the socket as much as may wait where nothing would be taken back, else little', () => {
    const { highWaterBytes } = opener();
    expect(highWaterBytes(16_777_216, true)).toBe(1_048_576);
    expect(highWaterBytes(200_000, true)).toBe(200_000);
    expect(highWaterBytes(10, true)).toBe(65_536);
    expect(highWaterBytes(Infinity, false)).toBe(65_536);
  });

  it('finds the WebSocket of the platform', () => {
    const host = globalThis as { WebSocket?: unknown };
    const original = Object.getOwnPropertyDescriptor(host, 'WebSocket');
    Object.defineProperty(host, 'WebSocket', { configurable: true, value: platform.WebSocketCtor });
    try {
      expect(platformWebSocket()).toBe(platform.WebSocketCtor);
    } finally {
      if (original) Object.defineProperty(host, 'WebSocket', original);
      else delete host.WebSocket;
    }
  });
});
