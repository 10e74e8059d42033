import { describe, expect, it } from '@jest/globals';
import { CloseFrame, PongFrame } from '../../src/testing/MemoryPeer.ts';

describe('what a peer sees', () => {
  it('a close frame has a code and a reason', () => {
    expect(new CloseFrame(1000, 'done')).toMatchObject({ code: 1000, reason: 'done' });
  });

  it('a pong has what the ping had', () => {
    expect([...new PongFrame(Uint8Array.of(1, 2)).data]).toEqual([1, 2]);
  });
});
