import { EMPTY } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { isSuccessive, type SuccessivePeer } from '../../src/connection/SuccessivePeer.ts';
import { run } from './marbles.ts';

describe('isSuccessive', () => {
  it('is a link, and neither a connection nor any other peer', () => {
    const peer = { messages: EMPTY, send: () => true };
    const link: SuccessivePeer<never, never> = { ...peer, renewals: EMPTY, ready: EMPTY };
    expect(isSuccessive(link)).toBe(true);
    expect(isSuccessive(peer)).toBe(false);
    run(({ open }) => expect(isSuccessive(open().connection)).toBe(false));
  });
});
