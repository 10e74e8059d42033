import { assertClose } from './closeCode.ts';
import type { CloseError } from './CloseError.ts';
import type { DecodeError } from './DecodeError.ts';

/**
 * The code and reason that a `CloseError` or a `DecodeError` chose; undefined for any other error. By its `code`, since it may come from
 * another copy of this library, and anything can be thrown: also what cannot be sent, or cannot be looked at.
 */
export function closeChosenBy(error: unknown): { code: number; reason: string } | undefined {
  try {
    const { code, closeCode, reason = '' } = Object(error) as Partial<CloseError | DecodeError>;
    if ((code !== 'CLOSE' && code !== 'DECODE') || closeCode === undefined) return undefined;
    assertClose(closeCode, reason);
    return { code: closeCode, reason };
  } catch {
    return undefined;
  }
}
