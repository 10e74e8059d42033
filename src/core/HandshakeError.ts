/** A connection could not be opened: the server was not reached, was too slow, or refused. */
export class HandshakeError extends Error {
  override readonly name = 'HandshakeError';
  readonly code = 'HANDSHAKE';
  /** The HTTP status of the answer; undefined where there was none, or where the platform hides it. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** The start of the answer's body, at most 4 KiB. */
  readonly body: string;

  constructor(
    message: string,
    answer: { status?: number; headers?: Readonly<Record<string, string>>; body?: string } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.status = answer.status;
    this.headers = answer.headers ?? {};
    this.body = answer.body ?? '';
  }
}
