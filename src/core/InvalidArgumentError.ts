/** A value that cannot go on the wire: a message, close code, reason, ping payload, header or URL. Nothing was sent. */
export class InvalidArgumentError extends TypeError {
  override readonly name = 'InvalidArgumentError';
  readonly code = 'INVALID_ARGUMENT';
}
