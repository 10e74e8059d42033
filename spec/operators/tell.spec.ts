import { describe, expect, it, jest } from '@jest/globals';
import { NEVER } from 'rxjs';
import { tell } from '../../src/operators/tell.ts';
import { run } from '../connection/marbles.ts';

describe('tell', () => {
  it('sends', () =>
    run(({ open, does, sent, expectObservable }) => {
      const { connection, peer } = open();
      does('-x', { x: () => tell(connection, 'a') });
      expectObservable(sent(peer)).toBe('-a');
    }));

  it('reports what a connection throws', () => {
    run(({ open }) => {
      const { connection, errors } = open<unknown, unknown>();
      tell(connection, 5);
      expect(errors).toEqual([expect.objectContaining({ code: 'INVALID_ARGUMENT' })]);
    });
  });

  it('warns of what any other peer throws', () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const send = (): boolean => {
      throw new Error('cannot');
    };
    tell({ messages: NEVER, send }, 'a');
    expect(warning).toHaveBeenCalledWith('cannot', expect.anything());
  });
});
