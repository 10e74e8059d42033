/** A message was not taken: there is no open connection, or its queue dropped it. Nothing was sent. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
  readonly code = 'NOT_SENT';
}
