import { describe, expect, it, jest } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { guardSocket, hearSocket, unguardSocket } from '../../../src/transports/ws/hearSocket.ts';

const observerOf = () => ({ halfClosed: jest.fn(), heard: jest.fn() });
const fails = (socket: PassThrough) => expect(() => socket.emit('error', new Error('reset')));

describe('hearSocket', () => {
  it('tells of the end of the peer, and of bytes only where asked for', () => {
    const socket = new PassThrough();
    const observer = observerOf();
    hearSocket(socket, observer, false);
    socket.emit('end');
    socket.emit('data', Buffer.from('a'));
    expect(observer.halfClosed).toHaveBeenCalledTimes(1);
    expect(observer.heard).not.toHaveBeenCalled();
    const counted = new PassThrough();
    hearSocket(counted, observer, true);
    counted.emit('data', Buffer.from('a'));
    expect(observer.heard).toHaveBeenCalledTimes(1);
  });

  it('guards a socket until somebody else takes its errors', () => {
    const socket = new PassThrough();
    guardSocket(socket);
    fails(socket).not.toThrow();
    unguardSocket(socket);
    fails(socket).toThrow('reset');
  });

  it('leaves the errors to `ws`', () => {
    const socket = new PassThrough();
    guardSocket(socket);
    hearSocket(socket, observerOf(), false);
    expect(socket.listenerCount('error')).toBe(0);
  });
});
