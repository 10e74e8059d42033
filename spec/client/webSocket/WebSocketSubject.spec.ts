import { describe, expect, it } from '@jest/globals';
import { isObservable, type Observable, type Subject } from 'rxjs';
import { webSocket } from '../../../src/client/webSocket/webSocket.ts';
import { WebSocketSubject } from '../../../src/client/webSocket/WebSocketSubject.ts';
import { fakePlatform } from './FakeWebSocket.ts';

describe('WebSocketSubject', () => {
  it('is webSocket, with new', () => {
    const log: string[] = [];
    const { WebSocketCtor } = fakePlatform(log);
    const subject: WebSocketSubject<string> = new WebSocketSubject({ url: 'ws://server', WebSocketCtor });
    expect(log).toEqual([]);
    subject.subscribe();
    expect(log).toEqual(['0: new ws://server']);
    expect(webSocket({ url: 'ws://server', WebSocketCtor })).toBeInstanceOf(WebSocketSubject);
  });

  it('is, by its type, what a Subject is', () => {
    const subject = new WebSocketSubject<string>({
      url: 'ws://server',
      WebSocketCtor: fakePlatform().WebSocketCtor,
    });
    const asSubject: Subject<string> = subject;
    const parts: Observable<string> = subject.multiplex(
      () => ({ sub: 'a' }),
      () => ({ unsub: 'a' }),
      (message) => message.startsWith('a'),
    );
    expect([asSubject, parts].every(isObservable)).toBe(true);
  });
});
