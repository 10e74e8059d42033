import { InvalidArgumentError } from './InvalidArgumentError.ts';
import { utf8Length } from './utf8Length.ts';

/** A close frame's payload is at most 125 bytes, two of them the code (RFC 6455, 5.5). */
const MAX_REASON_BYTES = 123;

/** Whether `code` may stand in a close frame (RFC 6455, 7.4.2; 1004 to 1006 and 1015 may not). */
export function isSendableCloseCode(code: number): boolean {
  return (
    Number.isInteger(code) &&
    ((code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) || (code >= 3000 && code <= 4999))
  );
}

/** Throws where `code` or `reason` cannot be sent. */
export function assertClose(code: number, reason: string): void {
  if (!isSendableCloseCode(code)) {
    throw new InvalidArgumentError(
      `close code ${String(code)} may not be sent; use 1000 to 1003, 1007 to 1014, or 3000 to 4999`,
    );
  }
  if (typeof reason !== 'string') throw new InvalidArgumentError('a close reason is a string');
  const bytes = utf8Length(reason);
  if (bytes > MAX_REASON_BYTES) {
    throw new InvalidArgumentError(
      `a close reason has at most ${MAX_REASON_BYTES} bytes in UTF-8, not ${bytes}`,
    );
  }
}
