import { NEVER } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { endOf } from '../../src/operators/endOf.ts';
import { run } from '../connection/marbles.ts';

describe('endOf', () => {
  it('tells how a connection ended, or is about to', () =>
    run(({ open, scheduler }) => {
      const [ended, ending] = [open(), open()];
      ended.peer.close(4000, 'enough');
      ending.peer.closeMs = Infinity;
      ending.connection.close(4001);
      scheduler.schedule(() => {
        expect(endOf(ended.connection)).toMatchObject({ close: { code: 4000, by: 'peer' } });
        expect(endOf(ending.connection)).toMatchObject({ close: { code: 4001, by: 'local' } });
      }, 1);
    }));

  it('of any other peer knows only that it did', () => {
    const peer = { messages: NEVER, send: () => true };
    expect(endOf(peer)).toMatchObject({ code: 'CONNECTION_CLOSED', close: { code: 1006, wasClean: false } });
  });
});
