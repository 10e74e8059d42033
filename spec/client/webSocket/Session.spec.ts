import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Observable, type Subscription } from 'rxjs';
import { Session } from '../../../src/client/webSocket/Session.ts';
import type { WebSocketSubjectConfig } from '../../../src/client/webSocket/WebSocketSubjectConfig.ts';
import { platformOpener } from '../../../src/transports/platform/platformOpener.ts';
import { type FakePlatform, fakePlatform } from './FakeWebSocket.ts';

describe('Session', () => {
  let log: string[];
  let platform: FakePlatform;
  beforeEach(() => {
    log = [];
    platform = fakePlatform(log);
  });

  const sessionOf = (config: Partial<WebSocketSubjectConfig<unknown>> = {}): Session<unknown> =>
    new Session<unknown>({ url: 'ws://server', ...config }, platformOpener(platform.WebSocketCtor));
  const subscribe = (session: Session<unknown>): Subscription => {
    const id = log.filter((line) => line === 'subscribe').length;
    log.push('subscribe');
    return new Observable((subscriber) => session.subscribe(subscriber)).subscribe({
      next: (value) => log.push(`${id} ${JSON.stringify(value)}`),
      error: (error: { message?: string }) =>
        log.push(`${id} error ${error.message ?? JSON.stringify(error)}`),
      complete: () => log.push(`${id} complete`),
    });
  };
  const socket = () => platform.sockets[0]!;
  const clean = { wasClean: true, code: 1000, reason: '' };
  const tooSlow = '{"type":"close","code":1013,"reason":"too slow","wasClean":false}';

  it('is spent when it has ended, and connects no second time', () => {
    const session = sessionOf();
    const subscription = subscribe(session);
    subscribe(session);
    expect(session.isSpent).toBe(false);
    subscription.unsubscribe();
    expect(session.isSpent).toBe(false);
    socket().open();
    socket().end(clean);
    expect(session.isSpent).toBe(true);
    subscribe(session);
    expect(log).toEqual([
      'subscribe',
      '0: new ws://server',
      'subscribe',
      '1 complete',
      'subscribe',
      '2 complete',
    ]);
  });

  it('is spent, and silent, when the last subscriber has left, whatever the socket still tells', () => {
    const session = sessionOf();
    const subscription = subscribe(session);
    socket().open();
    subscription.unsubscribe();
    socket().receive('1');
    socket().fail();
    socket().end(clean);
    expect(session.isSpent).toBe(true);
    expect(log).toEqual(['subscribe', '0: new ws://server', '0: close 1000']);
  });

  it('drops what waits as it fails, and not only as it closes', () => {
    const dropped = jest.fn();
    const session = sessionOf({ dropped });
    subscribe(session);
    session.send('a');
    socket().fail();
    expect(dropped.mock.calls).toEqual([[{ count: 1, bytes: 3 }]]);
  });

  it('does not close what the server is closing', () => {
    const subscription = subscribe(sessionOf());
    socket().open();
    socket().readyState = 2;
    const close = jest.spyOn(socket(), 'close');
    subscription.unsubscribe();
    expect(close).not.toHaveBeenCalled();
  });

  it('may be left, or ended again, while it tells that it opens or closes', () => {
    const actions: (() => void)[] = [];
    const act = { next: () => actions.shift()?.() };
    const session = sessionOf({ openObserver: act, closingObserver: act });
    const subscription = subscribe(session);
    session.send(1);
    session.end({ code: 4000, reason: '' });
    actions.push(
      () => session.end({ code: 4001, reason: '' }),
      () => subscription.unsubscribe(),
    );
    socket().open();
    expect(log.slice(2)).toEqual(['0: send 1', '0: close 1000']);
    expect(actions).toEqual([]);
  });

  it('does not read for nobody', () => {
    const deserializer = jest.fn();
    const subscription = subscribe(sessionOf({ deserializer }));
    socket().open();
    subscription.unsubscribe();
    socket().receive('1');
    expect(deserializer).not.toHaveBeenCalled();
  });

  describe('where too much waits', () => {
    it('ends, and closes what is being opened', () => {
      const closed = jest.fn();
      const session = sessionOf({ maxQueuedMessages: 1, closeObserver: { next: closed } });
      subscribe(session);
      session.send(1);
      session.send(2);
      expect(session.isSpent).toBe(true);
      socket().end({ wasClean: false, code: 1006 });
      expect(log).toEqual(['subscribe', '0: new ws://server', '0: close', `0 error ${tooSlow}`]);
      expect(closed).toHaveBeenCalledTimes(1);
    });

    it('ends with 1013 when it is open, or with none where the socket refuses that', () => {
      const session = sessionOf({ maxQueuedMessages: 1 });
      subscribe(session);
      socket().open();
      socket().bufferedAmount = 2_000_000;
      socket().refusedCodes = [1013];
      session.send(1);
      session.send(2);
      expect(log.slice(2)).toEqual(['0: close', `0 error ${tooSlow}`]);
    });

    it('is an error for the first subscriber, where there is none yet', () => {
      const dropped = jest.fn();
      const session = sessionOf({ maxQueuedMessages: 1, dropped });
      session.send(1);
      session.send(2);
      session.send(3);
      expect(dropped.mock.calls).toEqual([[{ count: 2, bytes: 2 }], [{ count: 1, bytes: 0 }]]);
      expect(session.isSpent).toBe(false);
      subscribe(session);
      expect(log).toEqual(['subscribe', `0 error ${tooSlow}`]);
      expect(session.isSpent).toBe(true);
    });

    it('throws, if asked to, and lives', () => {
      const session = sessionOf({ maxQueuedMessages: 1, overflow: 'error' });
      subscribe(session);
      session.send(1);
      expect(() => session.send(2)).toThrow(expect.objectContaining({ code: 'OVERFLOW' }));
      socket().open();
      expect(log.slice(2)).toEqual(['0: send 1']);
    });

    it('ends with the error of conflateBy', () => {
      const session = sessionOf({
        overflow: {
          conflateBy: () => {
            throw new Error('no key');
          },
        },
      });
      subscribe(session);
      session.send(1);
      socket().open();
      expect(log.slice(2)).toEqual(['0 error no key', '0: close 1000']);
    });
  });

  describe('with a slow socket', () => {
    beforeEach(() => {
      jest.useFakeTimers();
    });
    afterEach(() => {
      jest.useRealTimers();
    });
    const drain = (): void => {
      socket().bufferedAmount = 0;
      jest.advanceTimersByTime(100);
    };
    const slow = (config: Partial<WebSocketSubjectConfig<unknown>> = {}) => {
      const session = sessionOf(config);
      const subscription = subscribe(session);
      socket().open();
      socket().bufferedAmount = 2_000_000;
      session.send(1);
      log.length = 0;
      return { session, subscription };
    };

    it('sends all before it closes, when the last subscriber has left', () => {
      slow().subscription.unsubscribe();
      expect(log).toEqual([]);
      drain();
      expect(log).toEqual(['0: send 1', '0: close 1000']);
    });

    it('sends all before it completes, or closes with a code', () => {
      slow().session.end({ code: 4000, reason: 'enough' });
      drain();
      expect(log).toEqual(['0: send 1', '0: close 4000 enough']);
    });

    it('drops the rest where the server closes first, and tells of it', () => {
      const dropped = jest.fn();
      const { session } = slow({ dropped });
      session.end({ code: 1000, reason: '' });
      socket().end(clean);
      drain();
      expect(log).toEqual(['0 complete']);
      expect(dropped.mock.calls).toEqual([[{ count: 1, bytes: 1 }]]);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('ends with the error of a send, and closes all the same', () => {
      const { session } = slow();
      session.end({ code: 4000, reason: 'enough' });
      socket().sendFault = new Error('not now');
      drain();
      expect(log).toEqual(['0 error not now', '0: close 1000']);
    });

    it('reports the error of a send where nobody is subscribed any more, and closes', () => {
      const onError = jest.fn();
      const { subscription } = slow({ onError });
      subscription.unsubscribe();
      const fault = new Error('not now');
      socket().sendFault = fault;
      drain();
      expect(onError.mock.calls).toEqual([[fault]]);
      expect(log).toEqual(['0: close 1000']);
    });
  });

  it('sends nothing behind a send that threw', () => {
    const dropped = jest.fn();
    const session = sessionOf({ dropped });
    session.send(1);
    session.send(2);
    session.end({ code: 1000, reason: '' });
    subscribe(session);
    socket().sendFault = new Error('not now');
    socket().open();
    expect(log).toEqual(['subscribe', '0: new ws://server', '0 error not now', '0: close 1000']);
    expect(dropped.mock.calls).toEqual([[{ count: 1, bytes: 1 }]]);
  });

  it('says a last word while it is failing, and none when it has ended', () => {
    const session = sessionOf();
    new Observable((subscriber) => session.subscribe(subscriber)).subscribe({
      error: () => session.sendLast('sorry'),
    });
    socket().open();
    socket().receive('{');
    session.sendLast('too late');
    expect(log).toEqual(['0: new ws://server', '0: send "sorry"', '0: close 1000']);
  });

  it('abandoned, lets its subscribers hear of the end', () => {
    const session = sessionOf();
    subscribe(session);
    socket().open();
    session.abandon();
    session.abandon();
    socket().end(clean);
    expect(log).toEqual(['subscribe', '0: new ws://server', '0: close 1000', '0 complete']);
  });

  it('abandoned before anybody subscribed, opens nothing, and tells what it drops', () => {
    const dropped = jest.fn();
    const session = sessionOf({ dropped });
    session.send('a');
    session.abandon();
    subscribe(session);
    expect(log).toEqual(['subscribe']);
    expect(dropped.mock.calls).toEqual([[{ count: 1, bytes: 3 }]]);
  });
});
