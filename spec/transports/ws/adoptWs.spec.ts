import { describe, expect, it } from '@jest/globals';
import { adoptWs } from '../../../src/transports/ws/adoptWs.ts';
import { nodeClock } from '../../../src/transports/ws/nodeClock.ts';

// What it makes of a WebSocket is seen in spec/server/fromWebSocket.spec.ts.
describe('adoptWs', () => {
  const terms = { clock: nodeClock, keepAlive: undefined, maxMessageBytes: 1 };

  it.each([[undefined], [null], ['ws'], [{}], [new EventTarget()]])(
    'refuses %p, which is no WebSocket',
    (value) => {
      expect(() => adoptWs(value as never, {} as never, terms)).toThrow('this is no WebSocket of `ws`');
    },
  );

  it('refuses one that is not open', () => {
    const ws = { readyState: 2, extensions: '', on: () => {}, pause: () => {}, terminate: () => {} };
    expect(() => adoptWs(ws, {} as never, terms)).toThrow('this WebSocket is not open');
  });
});
