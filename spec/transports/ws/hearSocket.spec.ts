import { describe, expect, it, jest } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { guardSocket, hearSocket, unguardSocket } from '../../../src/transports/ws/hearSocket.ts';

const observerOf = () => ({ failed: jest.fn(), halfClosed: jest.fn(), heard: jest.fn() });
const error = new Error('reset');

describe('hearSocket', () => {
  it('tells of errors and of the end of the peer, and of bytes only where asked for', () => {
    const socket = new PassThrough();
    const observer = observerOf();
    hearSocket(socket, observer, false);
    socket.emit('error', error);
    socket.emit('end');
    socket.emit('data', Buffer.from('a'));
    expect(observer.failed).toHaveBeenCalledWith(error);
    expect(observer.halfClosed).toHaveBeenCalledTimes(1);
    expect(observer.heard).not.toHaveBeenCalled();
    const counted = new PassThrough();
    hearSocket(counted, observer, true);
    counted.emit('data', Buffer.from('a'));
    expect(observer.heard).toHaveBeenCalledTimes(1);
  });

  it('uses the listener of the guard, however often it was set', () => {
    const socket = new PassThrough();
    guardSocket(socket);
    guardSocket(socket);
    expect(() => socket.emit('error', error)).not.toThrow();
    const observer = observerOf();
    hearSocket(socket, observer, false);
    expect(socket.listenerCount('error')).toBe(1);
    socket.emit('error', error);
    expect(observer.failed).toHaveBeenCalledTimes(1);
  });

  it('gives the guard back', () => {
    const socket = new PassThrough();
    guardSocket(socket);
    unguardSocket(socket);
    expect(() => socket.emit('error', error)).toThrow('reset');
  });
});
