import { describe, expect, it } from '@jest/globals';
import { own } from '../../src/connection/own.ts';
import { run } from './marbles.ts';
import { ownerOf } from './ownerOf.ts';

describe('own', () => {
  it('tells the owner of the room to send, of the end, and when all was read, in this order', () => {
    const told: string[] = [];
    run(({ open, says, does }) => {
      const { connection, peer } = open({ highWaterBytes: 2, lowWaterBytes: 1 });
      own(
        connection.engine,
        ownerOf({
          balance: (isWritable) => told.push(`room ${isWritable}`),
          closed: ({ code }) => told.push(`closed ${code}`),
          allRead: () => told.push('all read'),
        }),
      );
      connection.messages.subscribe({ complete: () => told.push('messages completes') });
      says(peer, '---|');
      does('      -s', {
        s: () => {
          peer.stop();
          for (const text of ['ab', 'cd']) connection.send(text);
        },
      });
    });
    // The last one may be told more than once.
    expect([...new Set(told)]).toEqual(['room false', 'closed 1000', 'messages completes', 'all read']);
  });

  it('tells a second owner of the end too, behind the first', () => {
    const told: string[] = [];
    run(({ open, says }) => {
      const { connection, peer } = open();
      for (const name of ['first', 'second']) {
        const owner = ownerOf({
          closed: () => told.push(`${name} closed`),
          allRead: () => told.push(`${name} all read`),
        });
        own(connection.engine, owner);
      }
      says(peer, '---|');
    });
    expect(told).toEqual(['first closed', 'second closed', 'second all read', 'first all read']);
  });
});
