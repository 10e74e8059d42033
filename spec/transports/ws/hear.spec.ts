import { EventEmitter } from 'node:events';
import { describe, expect, it, jest } from '@jest/globals';
import { hear } from '../../../src/transports/ws/hear.ts';

describe('hear', () => {
  it('tells the observer what comes, whoever it is by then', () => {
    const ws = Object.assign(new EventEmitter(), { observer: undefined as unknown });
    hear(ws as never);
    const observer = {
      received: jest.fn(),
      receivedPing: jest.fn(),
      receivedPong: jest.fn(),
      ended: jest.fn(),
    };
    ws.observer = observer;
    const data = Buffer.from('a');
    ws.emit('message', data, true);
    ws.emit('ping', data);
    ws.emit('pong', data);
    ws.emit('close', 1000, data);
    expect(observer.received).toHaveBeenCalledWith(data, true);
    expect(observer.receivedPing).toHaveBeenCalledWith(data);
    expect(observer.receivedPong).toHaveBeenCalledWith(data);
    expect(observer.ended).toHaveBeenCalledWith(1000, data);
  });
});
