import { closeChosenBy } from '../core/closeChosenBy.ts';
import { DecodeError } from '../core/DecodeError.ts';
import { messageOf } from '../core/ErrorReport.ts';
import type { Engine } from './Engine.ts';

/** What stands in the place of a message that could not be decoded, where the connection goes on. */
export class Undecoded {
  readonly error: DecodeError;
  /** Whether who reads `messages` gets the error; else nothing. */
  readonly isTold: boolean;

  constructor(error: DecodeError, isTold: boolean) {
    this.error = error;
    this.isTold = isTold;
  }
}

/** What becomes of a message for which the codec has `thrown` anything; undefined: the connection is closed for it. */
export function undecoded(
  engine: Pick<Engine, 'settings' | 'fail' | 'report'>,
  thrown: unknown,
): Undecoded | undefined {
  const { undecodable } = engine.settings;
  if (undecodable === 'close') {
    engine.fail(thrown, 1007, 'the message could not be decoded');
    return undefined;
  }
  const error = isDecodeError(thrown) ? thrown : decodeErrorOf(thrown);
  // The peer hears nothing of it.
  if (undecodable === 'skip') engine.report(error, false);
  return new Undecoded(error, undecodable === 'error');
}

/** By its `code`: it may come from another copy of this library. */
function isDecodeError(thrown: unknown): thrown is DecodeError {
  try {
    return (Object(thrown) as Partial<DecodeError>).code === 'DECODE';
  } catch {
    return false;
  }
}

function decodeErrorOf(cause: unknown): DecodeError {
  const { code: closeCode, ...chosen } = closeChosenBy(cause) ?? { code: 1007 };
  return new DecodeError(`a message could not be decoded: ${messageOf(cause)}`, {
    ...chosen,
    closeCode,
    cause,
  });
}
