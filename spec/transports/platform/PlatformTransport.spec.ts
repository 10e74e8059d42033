import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TestScheduler } from 'rxjs/testing';
import { Fifo } from '../../../src/core/Fifo.ts';
import type { Outbound } from '../../../src/core/Outbound.ts';
import { Prepared } from '../../../src/core/Prepared.ts';
import type { TransportEvents } from '../../../src/core/Transport.ts';
import { PlatformTransport } from '../../../src/transports/platform/PlatformTransport.ts';
import { virtualClock } from '../../../src/testing/virtualClock.ts';
import { FakeSocket } from './FakeSocket.ts';

describe('PlatformTransport', () => {
  let socket: FakeSocket;
  let time: TestScheduler;
  let transport: PlatformTransport;
  let events: jest.Mocked<TransportEvents>;

  beforeEach(() => {
    socket = new FakeSocket();
    time = new TestScheduler(() => {});
    time.maxFrames = Infinity;
    transport = new PlatformTransport(socket, 10, virtualClock(time));
    events = {
      message: jest.fn(),
      ping: jest.fn(),
      pong: jest.fn(),
      drained: jest.fn(),
      answering: jest.fn(),
      roundTrip: jest.fn(),
      exceeded: jest.fn(),
      closing: jest.fn(),
      ended: jest.fn(),
    };
    transport.open(events);
  });

  const queueOf = (...items: Outbound[]): Fifo<Outbound> => {
    const queue = new Fifo<Outbound>();
    items.forEach((item) => queue.push(item));
    return queue;
  };

  it('says what the platform cannot do, and what was chosen', () => {
    expect(transport.capabilities).toEqual({ hold: false, ping: false, fragments: false });
    expect(transport).toMatchObject({ side: 'client', protocol: 'v1' });
    transport.pause();
    transport.resume();
    expect(socket.sent).toEqual([]);
  });

  describe('receiving', () => {
    it('gives text with its bytes in UTF-8, and bytes as Uint8Array', () => {
      socket.emit('message', { data: 'é' });
      socket.emit('message', { data: Uint8Array.of(1, 2).buffer });
      expect(events.message.mock.calls).toEqual([
        ['é', 2],
        [Uint8Array.of(1, 2), 2],
      ]);
    });

    it('takes a message of just the limit, and closes with 1009 for a larger one', () => {
      socket.emit('message', { data: 'x'.repeat(10) });
      socket.emit('message', { data: 'é'.repeat(6) });
      socket.emit('message', { data: 'late' });
      socket.emit('close', { code: 1005, wasClean: true });
      expect(events.message.mock.calls).toHaveLength(1);
      expect(events.ended.mock.calls).toMatchObject([
        [{ code: 1009, reason: '', wasClean: false, by: 'local', error: { code: 'CLOSE', closeCode: 1009 } }],
      ]);
      expect(socket.closes).toEqual([[]]);
      expect(socket.listening).toEqual([]);
    });
  });

  describe('sending', () => {
    it('sends text, bytes and what was prepared', () => {
      const queue = queueOf('a', Uint8Array.of(1), new Prepared({}, 'b'));
      transport.write(queue, 100);
      expect(socket.sent).toEqual(['a', Uint8Array.of(1), 'b']);
      expect(queue.length).toBe(0);
      expect(transport.bufferedBytes).toBe(3);
    });

    it('sends everything where the platform does not tell what waits', () => {
      Object.defineProperty(socket, 'bufferedAmount', { get: () => undefined, set: () => {} });
      transport.write(queueOf('a', 'b'), 1);
      expect(socket.sent).toEqual(['a', 'b']);
      expect(transport.bufferedBytes).toBe(0);
    });

    it('never looks whether bytes left where nothing waits for it', () => {
      transport.write(queueOf('a'), 100);
      expect(time.actions).toEqual([]);
    });

    it('keeps what goes beyond the high-water mark, looks until it has left, and says each time that some has', () => {
      const queue = queueOf('12345', '12345', '12345', '12345');
      transport.write(queue, 10);
      expect(socket.sent).toHaveLength(2);
      expect(queue.length).toBe(2);
      const seen: number[] = [];
      events.drained.mockImplementation(() => {
        seen.push(time.now());
        if (socket.bufferedAmount <= 2) transport.write(queue, 10);
      });
      time.schedule(() => (socket.bufferedAmount = 6), 12);
      time.schedule(() => (socket.bufferedAmount = 2), 21);
      time.schedule(() => (socket.bufferedAmount = 7), 33);
      time.schedule(() => (socket.bufferedAmount = 0), 41);
      time.flush();
      expect(socket.sent).toHaveLength(4);
      expect(seen).toEqual([15, 25, 35, 45]);
      expect(time.actions).toEqual([]);
    });

    it('leaves in the queue what a closing socket would swallow', () => {
      socket.readyState = 2;
      const queue = queueOf('a');
      transport.write(queue, 10);
      time.flush();
      expect(queue.length).toBe(1);
      expect(socket.sent).toEqual([]);
    });

    it('stops looking at the end', () => {
      transport.write(queueOf('12345', '1'), 5);
      expect(time.actions).toHaveLength(1);
      socket.emit('close', { code: 1000, wasClean: true });
      socket.bufferedAmount = 0;
      time.flush();
      expect(time.actions).toEqual([]);
      expect(events.drained.mock.calls).toEqual([]);
    });
  });

  describe('closing', () => {
    it.each([
      [1000, 'bye', [1000, 'bye']],
      [3000, '', [3000, '']],
      [4999, 'x', [4999, 'x']],
      [1001, 'going away', []],
      [1011, '', []],
      [1014, '', []],
    ])('with %p passes on what a page may send', (code, reason, passed) => {
      transport.close(code, reason);
      expect(socket.closes).toEqual([passed]);
    });

    it('is by this end if asked for here', () => {
      transport.close(1000, '');
      socket.emit('close', { code: 1000, reason: '', wasClean: true });
      expect(events.ended.mock.calls).toEqual([[{ code: 1000, reason: '', wasClean: true, by: 'local' }]]);
    });

    it('is by the peer if clean', () => {
      socket.emit('close', { code: 4001, reason: 'log in', wasClean: true });
      expect(events.ended.mock.calls).toEqual([
        [{ code: 4001, reason: 'log in', wasClean: true, by: 'peer' }],
      ]);
      expect(socket.listening).toEqual([]);
    });

    it('is lost by the network if not, with the error where the platform tells one', () => {
      const error = new Error('reset');
      socket.emit('error', { error });
      socket.emit('close', { code: 1006, reason: '', wasClean: false });
      expect(events.ended.mock.calls).toEqual([
        [{ code: 1006, reason: '', wasClean: false, by: 'network', error }],
      ]);
    });

    it('terminate: ended at once, and nothing is heard of it any more', () => {
      transport.terminate();
      const lost = { code: 1006, reason: '', wasClean: false, by: 'local' };
      expect(events.ended.mock.calls).toEqual([[lost]]);
      expect(socket.closes).toEqual([[]]);
      socket.emit('message', { data: 'late' });
      socket.emit('close', { code: 1000, wasClean: true });
      transport.terminate();
      expect(events.ended.mock.calls).toHaveLength(1);
      expect(events.message.mock.calls).toEqual([]);
      expect(socket.listening).toEqual([]);
    });
  });
});
