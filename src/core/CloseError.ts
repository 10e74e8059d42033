import { assertClose } from './closeCode.ts';

/**
 * Thrown by a handler or a codec to choose the close code and reason that the peer gets.
 *
 * @example
 * throw new CloseError(4401, 'log in first');
 */
export class CloseError extends Error {
  override readonly name = 'CloseError';
  readonly code = 'CLOSE';
  readonly closeCode: number;
  readonly reason: string;

  /** Throws an `InvalidArgumentError` where the code may not be sent or the reason is longer than 123 bytes. */
  constructor(closeCode: number, reason = '', options?: ErrorOptions) {
    assertClose(closeCode, reason);
    super(`close with ${closeCode}${reason && ` (${reason})`}`, options);
    this.closeCode = closeCode;
    this.reason = reason;
  }
}
