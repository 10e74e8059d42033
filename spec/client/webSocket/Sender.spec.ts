import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Observers } from '../../../src/client/webSocket/Observers.ts';
import { Sender } from '../../../src/client/webSocket/Sender.ts';
import type { WebSocketSubjectConfig } from '../../../src/client/webSocket/WebSocketSubjectConfig.ts';
import type { Dropped } from '../../../src/core/Dropped.ts';
import { LateTransport } from '../../../src/transports/LateTransport.ts';
import { platformOpener } from '../../../src/transports/platform/platformOpener.ts';
import type { OpenedSocket, SocketObserver } from '../../../src/transports/SocketOpener.ts';
import { fakePlatform, type FakeWebSocket } from './FakeWebSocket.ts';

type Config = Omit<WebSocketSubjectConfig<string>, 'url'>;

/** A sender of text over a socket that a spec plays, and all that it drops. */
function senderOf(config: Config = {}) {
  const log: string[] = [];
  const drops: Dropped[] = [];
  const platform = fakePlatform(log);
  const opener = platformOpener(platform.WebSocketCtor);
  const transport = new LateTransport(opener.clock, () => {});
  const observers = new Observers({ dropped: (drop) => drops.push(drop), ...config });
  const sender = new Sender<string>(
    { url: 'ws://u:p@server/chat?token=t', serializer: (text) => text, ...config },
    opener,
    transport,
    observers,
  );
  const observer: SocketObserver = {
    opened: (opened: OpenedSocket) => {
      transport.attach(opened);
      transport.flush();
    },
    message: () => {},
    failed: () => {},
    closed: (event) => sender.ended(event),
    threw: () => sender.drop(),
  };
  const connect = (): FakeWebSocket => {
    transport.socket = opener.open({ url: '', protocol: undefined, binaryType: undefined }, observer);
    log.length = 0;
    return platform.sockets[0]!;
  };
  const send = (...texts: string[]): void => {
    for (const text of texts) sender.send(sender.serialize(text));
  };
  return { sender, send, connect, log, drops };
}

describe('Sender', () => {
  it('keeps what is sent until it is open, and then writes it at once', () => {
    const { send, connect, log, drops } = senderOf();
    send('a');
    const socket = connect();
    send('b');
    expect(log).toEqual([]);
    socket.open();
    expect(log).toEqual(['0: send a', '0: send b']);
    send('c');
    expect(log).toEqual(['0: send a', '0: send b', '0: send c']);
    expect(drops).toEqual([]);
  });

  it('writes more than a socket likes to hold as it opens, and goes on', () => {
    const { send, connect, log } = senderOf();
    const socket = connect();
    socket.bufferedAmount = 400_000;
    send('a', 'b');
    socket.open();
    send('c');
    expect(log).toEqual(['0: send a', '0: send b', '0: send c']);
  });

  it('serializes as JSON, if nothing else is asked for', () => {
    const { sender } = senderOf({ serializer: undefined } as unknown as Config);
    expect(sender.serialize({ a: 1 } as never)).toEqual({ payload: '{"a":1}', key: undefined });
  });

  it('throws what the serializer throws', () => {
    const { sender } = senderOf({
      serializer: () => {
        throw new Error('not this');
      },
    });
    expect(() => sender.serialize('a')).toThrow('not this');
    expect(sender.isOpen).toBe(true);
  });

  describe('past the bound, before it is open,', () => {
    const play = (config: Config) => {
      const played = senderOf({ maxQueuedBytes: 6, ...config });
      played.send('aaa', 'bbb', 'ccc');
      played.connect().open();
      return played;
    };

    it('closes', () => {
      const { sender, log, drops } = play({});
      expect(sender.isOpen).toBe(false);
      expect(log).toEqual([]);
      expect(drops).toEqual([{ count: 3, bytes: 9 }]);
    });

    it('drops the oldest', () => {
      const { sender, log, drops } = play({ overflow: 'dropOldest' });
      expect(sender.isOpen).toBe(true);
      expect(log).toEqual(['0: send bbb', '0: send ccc']);
      expect(drops).toEqual([{ count: 1, bytes: 3 }]);
    });

    it('drops the newest', () => {
      const { log, drops } = play({ overflow: 'dropNewest' });
      expect(log).toEqual(['0: send aaa', '0: send bbb']);
      expect(drops).toEqual([{ count: 1, bytes: 3 }]);
    });

    it('counts messages, if asked to', () => {
      const { log } = play({ overflow: 'dropNewest', maxQueuedBytes: 100, maxQueuedMessages: 1 });
      expect(log).toEqual(['0: send aaa']);
    });

    it('throws', () => {
      const { sender, send, connect, log } = senderOf({ maxQueuedBytes: 6, overflow: 'error' });
      send('aaa', 'bbb');
      expect(() => send('ccc')).toThrow(expect.objectContaining({ code: 'OVERFLOW' }));
      expect(sender.isOpen).toBe(true);
      connect().open();
      expect(log).toEqual(['0: send aaa', '0: send bbb']);
    });

    it('takes one message, however large', () => {
      const { sender, send, connect, log } = senderOf({ maxQueuedBytes: 1 });
      send('aaa');
      expect(sender.isOpen).toBe(true);
      connect().open();
      expect(log).toEqual(['0: send aaa']);
    });
  });

  it('keeps the newest, or the newest for each key', () => {
    const latest = senderOf({ overflow: 'latest' });
    latest.send('a1', 'b1', 'a2');
    latest.connect().open();
    expect(latest.log).toEqual(['0: send a2']);

    const keyed = senderOf({ overflow: { conflateBy: (text: string) => text[0] } });
    keyed.send('a1', 'b1', 'a2');
    keyed.connect().open();
    expect(keyed.log).toEqual(['0: send a2', '0: send b1']);
    expect(keyed.drops).toEqual([{ count: 1, bytes: 2 }]);
  });

  it('holds back, when it is open, what the socket has no room for', () => {
    const { send, sender, connect, log, drops } = senderOf({ maxQueuedBytes: 100_000 });
    const socket = connect();
    socket.open();
    socket.bufferedAmount = 100_000;
    send('a', 'b');
    expect(log).toEqual([]);
    send('x'.repeat(100_000));
    expect(sender.isOpen).toBe(false);
    expect(drops).toEqual([{ count: 3, bytes: 100_002 }]);
    expect(log).toEqual(['0: close 1013 too slow']);
  });

  describe('closing', () => {
    it('comes behind what was sent', () => {
      jest.useFakeTimers();
      try {
        const { sender, send, connect, log } = senderOf();
        const socket = connect();
        socket.open();
        socket.bufferedAmount = 2_000_000;
        send('a');
        sender.close(4000, 'enough');
        expect(log).toEqual([]);
        socket.bufferedAmount = 0;
        jest.advanceTimersByTime(100);
        expect(log).toEqual(['0: send a', '0: close 4000 enough']);
      } finally {
        jest.useRealTimers();
      }
    });

    it('waits for nothing that was dropped', () => {
      const { sender, send, connect, log, drops } = senderOf();
      const socket = connect();
      socket.open();
      socket.bufferedAmount = 2_000_000;
      send('a');
      sender.drop();
      sender.close(1000, '');
      expect(log).toEqual(['0: close 1000']);
      expect(drops).toEqual([{ count: 1, bytes: 1 }]);
    });
  });

  describe('what comes too late', () => {
    let onError: jest.Mock<(error: unknown) => void>;
    beforeEach(() => {
      onError = jest.fn<(error: unknown) => void>();
    });

    it('is told to who watches what is dropped', () => {
      const { sender, drops } = senderOf({ onError });
      sender.refuse(true);
      sender.refuse(false);
      expect(drops).toEqual([
        { count: 1, bytes: 0 },
        { count: 1, bytes: 0 },
      ]);
      expect(onError).not.toHaveBeenCalled();
    });

    it('is an error, once, where nobody does, that names the end and no secret', () => {
      const { sender, connect } = senderOf({ onError, dropped: undefined } as unknown as Config);
      const socket = connect();
      socket.open();
      sender.refuse(false);
      expect(onError).not.toHaveBeenCalled();
      socket.end({ wasClean: true, code: 4000, reason: 'enough' });
      sender.refuse(true);
      sender.refuse(true);
      expect(onError.mock.calls).toMatchObject([
        [
          {
            code: 'NOT_SENT',
            cause: { code: 'CONNECTION_CLOSED', close: { code: 4000, by: 'peer', wasClean: true } },
          },
        ],
      ]);
      const { message } = onError.mock.calls[0]![0] as Error;
      expect(message).toMatch(
        /^what was given to next\(\) was dropped, since the connection to ws:\/\/server\/chat was closed by .*`offline: 'buffer'`/,
      );
    });
  });
});
