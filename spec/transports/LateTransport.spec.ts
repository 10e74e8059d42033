import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Fifo } from '../../src/core/Fifo.ts';
import type { Outbound } from '../../src/core/Outbound.ts';
import type { TransportEvents } from '../../src/core/Transport.ts';
import { LateTransport } from '../../src/transports/LateTransport.ts';
import { platformClock } from '../../src/transports/platform/platformClock.ts';
import type { OpeningSocket } from '../../src/transports/SocketOpener.ts';

describe('LateTransport', () => {
  let late: LateTransport;
  let events: jest.Mocked<TransportEvents>;
  let inner: ReturnType<typeof openTransport>;
  let socket: jest.Mocked<OpeningSocket>;
  const threw = jest.fn();
  const event = { type: 'open' } as never;

  beforeEach(() => {
    threw.mockReset();
    late = new LateTransport(platformClock, threw);
    events = {
      message: jest.fn(),
      ping: jest.fn(),
      pong: jest.fn(),
      roundTrip: jest.fn(),
      exceeded: jest.fn(),
      drained: jest.fn(),
      answering: jest.fn(),
      closing: jest.fn(),
      ended: jest.fn(),
    };
    inner = openTransport();
    socket = { isLive: true, close: jest.fn() };
    late.open(events);
  });

  const queueOf = (...items: Outbound[]): Fifo<Outbound> => {
    const queue = new Fifo<Outbound>();
    items.forEach((item) => queue.push(item));
    return queue;
  };

  describe('before it is open', () => {
    it('takes nothing, and holds nothing', () => {
      const queue = queueOf('a');
      late.write(queue, 100);
      expect(queue.length).toBe(1);
      expect(late).toMatchObject({ side: 'client', protocol: '', bufferedBytes: 0 });
      expect(late.capabilities).toEqual({ hold: false, ping: false, fragments: false });
    });

    it('closes and cuts what is being opened, which takes no code yet', () => {
      late.close(1000, '');
      late.terminate();
      late.socket = socket;
      late.close(4000, 'enough');
      late.terminate();
      expect(socket.close.mock.calls).toEqual([[], []]);
    });
  });

  describe('when it is open', () => {
    beforeEach(() => {
      late.socket = socket;
    });

    it('is the transport that was opened', () => {
      late.attach({ event, transport: inner });
      const queue = queueOf('a');
      late.write(queue, 100);
      late.terminate();
      expect(inner.open.mock.calls).toEqual([[late]]);
      expect(inner.write.mock.calls).toEqual([[queue, 100]]);
      expect(inner.terminate).toHaveBeenCalledTimes(1);
      expect(late).toMatchObject({ protocol: 'v1', bufferedBytes: 7, capabilities: inner.capabilities });
    });

    it('tells the connection what concerns sending, and the user of the socket the rest', () => {
      const told = { message: jest.fn(), ended: jest.fn() };
      late.attach({ event, transport: inner, told });
      late.message('a', 1);
      late.ping();
      late.pong();
      late.drained();
      late.answering();
      late.closing();
      const end = { code: 1000, reason: '', wasClean: true, by: 'peer' } as const;
      late.ended(end);
      expect(told.message.mock.calls).toEqual([['a', 1]]);
      expect(told.ended.mock.calls).toEqual([[end]]);
      expect(events.ended.mock.calls).toEqual([[end]]);
      for (const name of ['drained', 'answering', 'closing'] as const)
        expect(events[name]).toHaveBeenCalledTimes(1);
      expect(events.message).not.toHaveBeenCalled();
    });

    it('writes what waited as if nothing were under way', () => {
      const seen: number[] = [];
      events.drained.mockImplementation(() => seen.push(late.bufferedBytes));
      late.attach({ event, transport: inner });
      late.flush();
      late.drained();
      expect(seen).toEqual([0, 7]);
    });

    it('closes past the transport, and takes the answer for its own close', () => {
      late.attach({ event, transport: inner });
      late.close(1001, 'leaving');
      late.ended({ code: 1001, reason: 'leaving', wasClean: true, by: 'peer' });
      expect(socket.close.mock.calls).toEqual([[1001, 'leaving']]);
      expect(inner.close).not.toHaveBeenCalled();
      expect(events.ended.mock.calls).toMatchObject([[{ code: 1001, by: 'local' }]]);
    });

    it('closes without a code where the socket refuses that code', () => {
      late.attach({ event, transport: inner });
      const error = new Error('not with this code');
      socket.close.mockImplementationOnce(() => {
        throw error;
      });
      late.close(1001, 'leaving');
      expect(socket.close.mock.calls).toEqual([[1001, 'leaving'], []]);
      expect(threw.mock.calls).toEqual([[error]]);
    });

    it('does not stop reading', () => {
      late.attach({ event, transport: inner });
      late.pause();
      late.resume();
      expect(inner.pause).not.toHaveBeenCalled();
      expect(inner.resume).not.toHaveBeenCalled();
    });
  });
});

function openTransport() {
  return {
    side: 'client' as const,
    protocol: 'v1',
    capabilities: { hold: true, ping: true, fragments: true },
    clock: platformClock,
    bufferedBytes: 7,
    open: jest.fn(),
    pause: jest.fn(),
    resume: jest.fn(),
    write: jest.fn(),
    close: jest.fn(),
    terminate: jest.fn(),
  };
}
