/** What was wrong at one place of a message, as its schema says. */
export interface DecodeIssue {
  readonly message: string;
  /** The keys that lead there; empty: the message as a whole. */
  readonly path: readonly PropertyKey[];
}

/** What else is known of a message that could not be decoded. */
export interface DecodeErrorOptions extends ErrorOptions {
  closeCode?: number;
  reason?: string;
  issues?: readonly DecodeIssue[];
}

/**
 * A message of the peer's could not be decoded, or is not of the shape that its schema asks for. Where that closes the
 * connection the peer gets `closeCode` and `reason`, and nothing of the message or of what is wrong with it.
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly code = 'DECODE';
  /** 1003: text where bytes are expected, or the other way round. 1007: anything else (RFC 6455, 7.4.1). */
  readonly closeCode: number;
  readonly reason: string;
  /** What a schema found, the first 100; empty where there is none, or it was not asked. */
  readonly issues: readonly DecodeIssue[];

  constructor(message: string, options: DecodeErrorOptions = {}) {
    const { closeCode = 1007, reason = 'the message could not be decoded', issues = [], ...rest } = options;
    super(message, rest);
    this.closeCode = closeCode;
    this.reason = reason;
    this.issues = issues;
  }
}
