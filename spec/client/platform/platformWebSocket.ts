import { afterAll, beforeAll } from '@jest/globals';
import { WebSocket } from 'undici';

/** Gives the specs of a file the `WebSocket` that a page has. Node 20 has none of its own. */
export function platformWebSocket(): void {
  const original = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
  beforeAll(() => {
    Object.defineProperty(globalThis, 'WebSocket', { configurable: true, writable: true, value: WebSocket });
  });
  afterAll(() => {
    if (original) Object.defineProperty(globalThis, 'WebSocket', original);
    else delete (globalThis as { WebSocket?: unknown }).WebSocket;
  });
}
