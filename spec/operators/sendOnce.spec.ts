import { NEVER } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { sendOnce } from '../../src/operators/sendOnce.ts';
import { run } from '../connection/marbles.ts';

describe('sendOnce', () => {
  it('sends at each subscription, and completes', () =>
    run(({ open, sent, expectObservable }) => {
      const { connection, peer } = open();
      const sending = sendOnce(connection, 'a');
      expectObservable(sent(peer)).toBe('a--a');
      expectObservable(sending).toBe('|');
      expectObservable(sending, '---^').toBe('---|');
    }));

  it('errors where it is not taken, and says how the connection ended', () =>
    run(({ open, does, expectObservable }) => {
      const { connection, peer } = open({ overflow: 'dropNewest', maxQueuedBytes: 1 });
      peer.stop(0);
      connection.send('a');
      connection.send('b');
      expectObservable(sendOnce(connection, 'c')).toBe(
        '#',
        {},
        expect.objectContaining({ code: 'NOT_SENT' }),
      );
      does('-x', { x: () => connection.terminate() });
      const closed = expect.objectContaining({ code: 'CONNECTION_CLOSED' });
      expectObservable(sendOnce(connection, 'c'), '--^').toBe('--#', {}, closed);
    }));

  it('errors with what `send` throws', () =>
    run(({ expectObservable }) => {
      const error = new Error('its own');
      const send = (): boolean => {
        throw error;
      };
      expectObservable(sendOnce({ messages: NEVER, send }, 'a')).toBe('#', {}, error);
    }));
});
