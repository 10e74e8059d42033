import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import { headerLines } from './headerLines.ts';

/** What frames the answer. */
const OURS = /^(connection|content-length|transfer-encoding)$/i;

/** A decision that refuses an upgrade with a status of its own; made by `reject`. */
export class Refusal {
  readonly status: number;
  /** @internal */
  readonly lines: readonly string[];
  /** @internal Undefined: the status text. */
  readonly body: string | undefined;
  private readonly refusal = true;

  /** @internal */
  constructor(status: number, lines: readonly string[], body: string | undefined) {
    this.status = status;
    this.lines = lines;
    this.body = body;
  }
}

/** By its mark: the value may come from another copy of this library. */
export function isRefusal(value: unknown): value is Refusal {
  return (Object(value) as Refusal)['refusal'] === true;
}

/**
 * Refuses an upgrade with an HTTP answer (RFC 6455, 4.2.2). A browser shows its page nothing of it: to tell a
 * page, accept and close with a code of 4000 to 4999.
 *
 * **Throws** an `InvalidArgumentError` for a status that is not 300 to 599, and for headers that cannot be sent.
 *
 * @example
 * listen({ port: 8080, shouldUpgrade: ({ headers }) => isKnown(headers['authorization']) || reject(401) })
 */
export function reject(
  status: number,
  options: { headers?: Readonly<Record<string, string>>; body?: string } = {},
): Refusal {
  if (!Number.isInteger(status) || status < 300 || status > 599) {
    throw new InvalidArgumentError(
      `an upgrade is refused with a status of 300 to 599, not ${String(status)}`,
    );
  }
  const { headers = {}, body } = options;
  return new Refusal(status, headerLines(headers, OURS), body === undefined ? undefined : String(body));
}
