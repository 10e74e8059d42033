import { describe, expect, it, jest } from '@jest/globals';
import { type ConnectionSettings, connectionSettings } from '../../src/connection/ConnectionConfig.ts';
import { CloseError } from '../../src/core/CloseError.ts';
import { DecodeError } from '../../src/core/DecodeError.ts';
import { Undecoded, undecoded } from '../../src/connection/Undecoded.ts';

const hostile: object = {
  get code(): string {
    throw new Error('no code');
  },
};

/** What becomes of what was thrown, and what the engine was asked to do. */
function outcome(undecodable: ConnectionSettings['undecodable'], thrown: unknown) {
  const [fail, report] = [jest.fn(), jest.fn()];
  const settings = connectionSettings({ undecodable });
  return { made: undecoded({ settings, fail, report }, thrown), fail, report };
}

describe('undecoded', () => {
  it('closes with what was thrown, and leaves nothing in its place', () => {
    const error = new Error('oops');
    const { made, fail, report } = outcome('close', error);
    expect(made).toBeUndefined();
    expect(fail.mock.calls).toEqual([[error, 1007, 'the message could not be decoded']]);
    expect(report).not.toHaveBeenCalled();
  });

  it.each([
    ['skip', false, 1],
    ['error', true, 0],
  ] as const)('leaves something in its place: %s', (undecodable, isTold, reports) => {
    const error = new DecodeError('no JSON');
    const { made, fail, report } = outcome(undecodable, error);
    expect(made).toBeInstanceOf(Undecoded);
    expect(made).toMatchObject({ isTold });
    expect(made!.error).toBe(error);
    expect(report.mock.calls).toEqual([[error, false]].slice(0, reports));
    expect(fail).not.toHaveBeenCalled();
  });

  it('takes a DecodeError as it is, of another copy of this library too', () => {
    const foreign = { code: 'DECODE', closeCode: 1003 };
    expect(outcome('error', foreign).made!.error).toBe(foreign);
  });

  it.each([
    ['an error', new Error('oops'), 'oops', 1007],
    ['a CloseError', new CloseError(4400, 'say it in JSON'), 'close with 4400 (say it in JSON)', 4400],
    ['undefined', undefined, 'undefined', 1007],
    ['what cannot be looked at', hostile, '[object Object]', 1007],
  ])('makes a DecodeError of %s', (_, thrown, text, closeCode) => {
    const { error } = outcome('error', thrown).made!;
    expect(error).toMatchObject({ code: 'DECODE', closeCode });
    expect(error.message).toBe(`a message could not be decoded: ${text}`);
    expect(error.cause).toBe(thrown);
  });
});
