// A peer that does not read: `writable` is a second diagram.
import { test } from '@jest/globals';
import { sendTo } from 'rxjs-ws';
import { runMarbles } from 'rxjs-ws/testing';

test('a slow reader gets the latest', () =>
  runMarbles(({ connection, hot, expectSent, expectDropped }) => {
    const prices = hot('           -a-b-c-d');
    const peer = connection('', {}, { writable: 't-f--t' });
    prices.pipe(sendTo(peer, { overflow: 'latest' })).subscribe();
    expectSent(peer).toBe('        -a---c-d');
    expectDropped(peer).toBe('     -----x', { x: { count: 1, bytes: 1 } });
  }));
