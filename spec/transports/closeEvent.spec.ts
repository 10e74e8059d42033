import { describe, expect, it } from '@jest/globals';
import { closeEvent } from '../../src/transports/closeEvent.ts';

describe('closeEvent', () => {
  it('has the fields of a CloseEvent', () => {
    expect(closeEvent({ code: 4000, reason: 'enough', wasClean: true })).toEqual({
      type: 'close',
      code: 4000,
      reason: 'enough',
      wasClean: true,
    });
  });

  it('has the error too, where there is one', () => {
    const error = new Error('reset');
    expect(closeEvent({ code: 1006, reason: '', wasClean: false, error })).toMatchObject({ error });
  });
});
