import { describe, expect, it } from '@jest/globals';
import type { CloseInfo } from '../../src/core/CloseInfo.ts';
import { giveUp } from '../../src/connection/giveUp.ts';
import { run } from './marbles.ts';

describe('giveUp', () => {
  it('closes with 1013, drops what waits, and cuts the socket of a peer that answers nothing', () => {
    const closes: CloseInfo[] = [];
    const { transport } = run(({ open, does }) => {
      const opened = open();
      const { connection, peer } = opened;
      connection.closed.subscribe((close) => closes.push(close));
      does('-g', {
        g: () => {
          peer.stop();
          giveUp(connection.engine, 'it reads nothing');
          expect(connection.send('a')).toBe(false);
        },
      });
      return opened;
    });
    expect(closes).toMatchObject([{ code: 1013, by: 'local', wasClean: false }]);
    expect(String(closes[0]!.error)).toContain('it reads nothing');
    expect(transport.framesOf('terminate')).toEqual([1001]);
  });

  it('does nothing where the connection has ended', () =>
    run(({ open, says, does }) => {
      const { connection, peer, transport } = open();
      says(peer, '-|');
      does('      --g', {
        g: () => {
          giveUp(connection.engine, 'late');
          expect(transport.framesOf('close')).toEqual([]);
        },
      });
    }));
});
