import { closeChosenBy } from '../core/closeChosenBy.ts';
import { DecodeError } from '../core/DecodeError.ts';
import { textOf } from '../core/ErrorReport.ts';

/** What stands in the place of a message that could not be decoded, where the connection goes on. */
export class Undecoded {
  readonly error: DecodeError;

  /** `thrown` by a codec: anything. */
  constructor(thrown: unknown) {
    this.error = isDecodeError(thrown) ? thrown : decodeErrorOf(thrown);
  }
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
  return new DecodeError(`a message could not be decoded: ${textOf(cause)[0]}`, {
    ...chosen,
    closeCode,
    cause,
  });
}
