import { afterAll, beforeAll } from '@jest/globals';

/** Takes from the specs of a file the `WebSocket` that Node has from version 22 on. */
export function noWebSocket(): void {
  const original = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
  beforeAll(() => {
    delete (globalThis as { WebSocket?: unknown }).WebSocket;
  });
  afterAll(() => {
    if (original) Object.defineProperty(globalThis, 'WebSocket', original);
  });
}
