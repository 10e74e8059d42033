import { map, merge, NEVER, type Observable } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import type { SuccessivePeer } from '../../src/connection/SuccessivePeer.ts';
import type { Peer } from '../../src/core/Peer.ts';
import { current } from '../../src/operators/current.ts';
import { run } from '../connection/marbles.ts';

type Strings = Peer<string, string>;
const plain = (messages: Observable<string>): Strings => ({ messages, send: () => true });
const link = (ready: Observable<Strings>): SuccessivePeer<string, string> => ({
  ...plain(NEVER),
  renewals: NEVER,
  ready,
});
const messagesOf = ({ messages }: Strings): Observable<string> => messages;

describe('current', () => {
  it('is the peer itself', () =>
    run(({ cold, expectObservable }) => {
      expectObservable(current(plain(cold('-a-|')), messagesOf)).toBe('-a-|');
    }));

  it('is the connection that a link has next, and no later one; the link is kept', () =>
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const peers = { x: plain(cold('-a---b-|')), y: plain(cold('-c')) };
      const ready = hot('                                  --x--y----', peers);
      expectObservable(current(link(ready), messagesOf), '^--------!').toBe('---a---b--');
      expectSubscriptions(ready.subscriptions).toBe('      ^--------!');
    }));

  it('errors where the link ends before it has one, or with its error', () =>
    run(({ cold, expectObservable }) => {
      const closed = expect.objectContaining({ code: 'CONNECTION_CLOSED' });
      expectObservable(current(link(cold('--|')), messagesOf)).toBe('--#', {}, closed);
      expectObservable(current(link(cold('--#', undefined, 'gave up')), messagesOf)).toBe(
        '--#',
        {},
        'gave up',
      );
      const both = merge(current(link(cold('x|', { x: plain(cold('--a|')) })), messagesOf)).pipe(
        map((value) => value),
      );
      expectObservable(both).toBe('--a|');
    }));
});
