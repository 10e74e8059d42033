import { describe, expect, it } from '@jest/globals';
import { Subject } from 'rxjs';
import { constructorOver } from '../../../src/client/webSocket/constructorOver.ts';
import { subjectOver } from '../../../src/client/webSocket/subjectOver.ts';
import { platformOpener } from '../../../src/transports/platform/platformOpener.ts';
import { fakePlatform } from './FakeWebSocket.ts';

describe('constructorOver', () => {
  const log: string[] = [];
  const { WebSocketCtor } = fakePlatform(log);
  const WebSocketSubject = constructorOver((config) =>
    subjectOver(config, () => platformOpener(WebSocketCtor)),
  );

  it('makes subjects with new', () => {
    new WebSocketSubject<string>('ws://server').subscribe();
    new WebSocketSubject<string>({ url: 'ws://other' }).subscribe();
    expect(log).toEqual(['0: new ws://server', '1: new ws://other']);
  });

  it('knows them, however they were made', () => {
    expect(new WebSocketSubject('ws://server')).toBeInstanceOf(WebSocketSubject);
    expect(subjectOver('ws://server', () => platformOpener(WebSocketCtor))).toBeInstanceOf(WebSocketSubject);
    expect(new Subject()).not.toBeInstanceOf(WebSocketSubject);
  });

  it('cannot be extended, and says so', () => {
    const Extended = class extends WebSocketSubject<string> {};
    expect(() => new Extended('ws://server')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
