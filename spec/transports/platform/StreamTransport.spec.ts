import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Fifo } from '../../../src/core/Fifo.ts';
import type { Outbound } from '../../../src/core/Outbound.ts';
import { Prepared } from '../../../src/core/Prepared.ts';
import type { TransportEvents } from '../../../src/core/Transport.ts';
import { platformClock } from '../../../src/transports/platform/platformClock.ts';
import { StreamTransport } from '../../../src/transports/platform/StreamTransport.ts';
import { FakeStream } from './FakeStream.ts';

describe('StreamTransport', () => {
  let stream: FakeStream;
  let transport: StreamTransport;
  let events: jest.Mocked<TransportEvents>;
  const received = (): unknown[] => events.message.mock.calls.map(([data]) => data);

  beforeEach(() => {
    stream = new FakeStream();
    const { readable, writable } = stream;
    transport = new StreamTransport(stream, { protocol: 'v1', readable, writable }, 10, platformClock);
    events = {
      message: jest.fn(),
      ping: jest.fn(),
      pong: jest.fn(),
      drained: jest.fn(),
      roundTrip: jest.fn(),
      exceeded: jest.fn(),
      answering: jest.fn(),
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

  it('says what the platform can do, and what was chosen', () => {
    expect(transport.capabilities).toEqual({ hold: true, ping: false, fragments: false });
    expect(transport).toMatchObject({ side: 'client', protocol: 'v1' });
  });

  describe('receiving', () => {
    it('gives text with its bytes in UTF-8, and bytes as Uint8Array', async () => {
      stream.say('é', Uint8Array.of(1, 2).buffer);
      await turn();
      expect(events.message.mock.calls).toEqual([
        ['é', 2],
        [Uint8Array.of(1, 2), 2],
      ]);
    });

    it('reads nothing while it is paused, and goes on where it stopped', async () => {
      events.message.mockImplementation((data) => data === 'b' && transport.pause());
      stream.say('a', 'b', 'c', 'd');
      await turn();
      const { pulls } = stream;
      expect(received()).toEqual(['a', 'b']);
      await turn();
      expect(stream.pulls).toBe(pulls);
      transport.resume();
      transport.resume();
      await turn();
      expect(received()).toEqual(['a', 'b', 'c', 'd']);
    });

    it('takes what was asked for before it was paused', async () => {
      transport.pause();
      stream.say('a', 'b');
      await turn();
      expect(received()).toEqual(['a']);
    });

    it('takes a message of just the limit, and closes with 1009 for a larger one', async () => {
      stream.say('x'.repeat(10), 'é'.repeat(6), 'late');
      stream.end({ closeCode: 1005, reason: '' });
      await turn();
      expect(events.message.mock.calls).toHaveLength(1);
      expect(events.ended.mock.calls).toMatchObject([
        [{ code: 1009, reason: '', wasClean: false, by: 'local', error: { code: 'CLOSE', closeCode: 1009 } }],
      ]);
      expect(stream.closes).toEqual([undefined]);
    });
  });

  describe('sending', () => {
    it('sends text, bytes and what was prepared, and says that they have left', async () => {
      const queue = queueOf('a', Uint8Array.of(1), new Prepared({}, 'é'));
      transport.write(queue, 100);
      expect([queue.length, transport.bufferedBytes]).toEqual([0, 4]);
      await turn();
      expect(stream.sent).toEqual(['a', Uint8Array.of(1), 'é']);
      expect([transport.bufferedBytes, events.drained.mock.calls.length]).toEqual([0, 3]);
    });

    it('keeps in the queue what goes beyond the high-water mark, until the platform has taken the rest', async () => {
      stream.stop();
      const queue = queueOf('12345', '12345', '12345', '12345');
      transport.write(queue, 10);
      await turn();
      expect([queue.length, transport.bufferedBytes, events.drained.mock.calls.length]).toEqual([2, 10, 0]);
      events.drained.mockImplementation(() => transport.write(queue, 10));
      stream.start();
      await turn();
      expect([stream.sent.length, queue.length, transport.bufferedBytes]).toEqual([4, 0, 0]);
    });

    it('leaves in the queue what a stream that failed would swallow', async () => {
      stream.cut(new Error('reset'));
      await turn();
      const queue = queueOf('a');
      transport.write(queue, 10);
      expect([queue.length, transport.bufferedBytes]).toEqual([1, 0]);
    });

    it('counts nothing any more of what was lost', async () => {
      stream.stop();
      transport.write(queueOf('a', 'b'), 10);
      stream.cut(new Error('reset'));
      stream.start();
      await turn();
      expect(transport.bufferedBytes).toBe(0);
    });
  });

  describe('closing', () => {
    it.each([
      [1000, 'bye', { closeCode: 1000, reason: 'bye' }],
      [3000, '', { closeCode: 3000, reason: '' }],
      [4999, 'x', { closeCode: 4999, reason: 'x' }],
      [1001, 'going away', {}],
      [1011, '', {}],
      [1014, '', {}],
    ])('with %p passes on what a page may send', async (code, reason, passed) => {
      transport.close(code, reason);
      await turn();
      expect(stream.closes).toEqual([passed]);
    });

    it('waits until all that was written has been taken: else the platform would drop it', async () => {
      stream.stop();
      transport.write(queueOf('a', 'b'), 10);
      transport.close(1000, '');
      await turn();
      expect(stream.closes).toEqual([]);
      stream.start();
      await turn();
      expect([stream.sent, stream.closes.length]).toEqual([['a', 'b'], 1]);
    });

    it('is by this end if asked for here', async () => {
      transport.close(1000, '');
      stream.end({ closeCode: 1000, reason: '' });
      await turn();
      expect(events.ended.mock.calls).toEqual([[{ code: 1000, reason: '', wasClean: true, by: 'local' }]]);
    });

    it('is by the peer if clean, behind all that it sent', async () => {
      const order: unknown[] = [];
      events.message.mockImplementation((data) => order.push(data));
      events.ended.mockImplementation(({ code }) => order.push(code));
      stream.say('a', 'b');
      stream.end({ closeCode: 4001, reason: 'log in' });
      await turn();
      expect(order).toEqual(['a', 'b', 4001]);
      expect(events.ended.mock.calls).toEqual([
        [{ code: 4001, reason: 'log in', wasClean: true, by: 'peer' }],
      ]);
    });

    it('without a code is 1005', async () => {
      stream.end({});
      await turn();
      expect(events.ended.mock.calls).toEqual([[{ code: 1005, reason: '', wasClean: true, by: 'peer' }]]);
    });

    it.each([
      [Object.assign(new Error('reset'), { closeCode: 1006, reason: '' })],
      [Object.assign(new Error('reset'), { closeCode: null })],
      [new Error('reset')],
    ])('is lost by the network if not, with the error of the platform', async (error) => {
      stream.cut(error);
      await turn();
      expect(events.ended.mock.calls).toEqual([
        [{ code: 1006, reason: '', wasClean: false, by: 'network', error }],
      ]);
    });

    it('is lost where the peer closed while it was not read: the platform drops what it still had', async () => {
      events.message.mockImplementation(() => transport.pause());
      stream.say('a', 'b');
      await turn();
      stream.end({ closeCode: 4001, reason: 'bye' });
      await turn();
      expect(received()).toEqual(['a', 'b']);
      expect(events.ended.mock.calls).toMatchObject([
        [{ code: 4001, reason: 'bye', wasClean: false, by: 'peer', error: { closeCode: 1008 } }],
      ]);
    });

    it('terminate: ended at once, and nothing is heard of it any more', async () => {
      transport.terminate();
      const lost = { code: 1006, reason: '', wasClean: false, by: 'local' };
      expect(events.ended.mock.calls).toEqual([[lost]]);
      expect(stream.closes).toEqual([undefined]);
      stream.say('late');
      stream.end({ closeCode: 1000, reason: '' });
      transport.terminate();
      await turn();
      expect(events.ended.mock.calls).toHaveLength(1);
      expect(received()).toEqual([]);
    });
  });
});
