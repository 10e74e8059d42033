import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HandlerSocket } from '../../../src/transports/platform/HandlerSocket.ts';
import { FakeWebSocket } from '../../client/webSocket/FakeWebSocket.ts';

describe('HandlerSocket', () => {
  let log: string[];
  let socket: FakeWebSocket;
  let handler: HandlerSocket;
  const threw = jest.fn();

  beforeEach(() => {
    log = [];
    threw.mockReset();
    socket = new FakeWebSocket(0, log);
    socket.protocol = 'v1';
    socket.open();
    handler = new HandlerSocket(socket, threw);
  });

  it('is the socket, to write to', () => {
    handler.send('a');
    handler.close();
    expect(log).toEqual(['0: send a', '0: close']);
    expect(handler).toMatchObject({ protocol: 'v1', readyState: 2 });
  });

  it('tells what is buffered where the socket does', () => {
    expect(handler.bufferedAmount).toBeUndefined();
    socket.bufferedAmount = 5;
    expect(handler.bufferedAmount).toBe(5);
  });

  it('tells of the close alone, while somebody listens', () => {
    const listener = jest.fn();
    for (const type of ['message', 'error', 'close']) handler.addEventListener(type, listener);
    handler.removeEventListener('message');
    const event = { type: 'close', code: 1000, wasClean: true };
    handler.closed(event);
    handler.removeEventListener('close');
    handler.closed(event);
    expect(listener.mock.calls).toEqual([[event]]);
  });

  it('takes nothing more when a send has thrown', () => {
    socket.sendFault = new Error('not now');
    handler.send('a');
    expect(threw.mock.calls).toEqual([[socket.sendFault]]);
    expect(handler.readyState).toBe(3);
  });
});
