import { describe, expect, it } from '@jest/globals';
import { webSocket } from '../../../../src/client/webSocket/platform/webSocket.ts';
import { platformWebSocket } from '../../platform/platformWebSocket.ts';
import { conversations } from '../conversations.ts';
import { fakePlatform } from '../FakeWebSocket.ts';
import { noWebSocket } from '../noWebSocket.ts';

describe('webSocket, in a page', () => {
  describe('with the WebSocket of the platform', () => {
    platformWebSocket();
    conversations(webSocket, 'error');
  });

  describe('without one', () => {
    noWebSocket();

    it('throws', () => {
      expect(() => webSocket('ws://server')).toThrow(
        expect.objectContaining({
          code: 'INVALID_ARGUMENT',
          message: expect.stringContaining('WebSocketCtor'),
        }),
      );
    });

    it('takes one that is given', () => {
      const log: string[] = [];
      webSocket({ url: 'ws://server', WebSocketCtor: fakePlatform(log).WebSocketCtor }).subscribe();
      expect(log).toEqual(['0: new ws://server']);
    });
  });
});
