import { describe, expect, it } from '@jest/globals';
import { messagesOnly } from '../../src/connection/messagesOnly.ts';
import { collect } from './contract/Pair.ts';
import { run } from './marbles.ts';

const message = (error: unknown): string => (error as Error).message;

describe('messagesOnly', () => {
  it('refuses pings and parts, and says what to do instead', () =>
    run(({ open }) => {
      const { engine } = open().connection;
      expect(message(collect(messagesOnly.ping(engine, undefined)).error)).toBe(
        'this platform cannot send pings; send messages of your own instead',
      );
      expect(message(collect(messagesOnly.fragments(engine, ['a'])).error)).toBe(
        'this platform cannot send a message in parts; send it whole',
      );
    }));

  it('knows no round trips, and completes with the connection', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open();
      says(peer, '                                                 ---|');
      expectObservable(messagesOnly.roundTrips(connection.engine)).toBe('---|');
    }));
});
