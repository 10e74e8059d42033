import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/Clock.ts';
import type { RefusalReason } from './Refused.ts';

/** How long a refused client may take to read the answer and to close its end. */
const LINGER_MS = 1_000;

/** How an upgrade is refused; a `Refusal` is one. */
export interface RefusalAnswer {
  readonly status: number;
  readonly lines?: readonly string[];
  /** Default: the text of the status. */
  readonly body?: string | undefined;
  /** Default: the decision. */
  readonly reason?: RefusalReason;
}

/** There is no room or no time now; the client may come again. */
export function unavailable(reason: RefusalReason): RefusalAnswer {
  return { status: 503, lines: ['Retry-After: 5'], reason };
}

/** Answers with HTTP and ends the socket. */
export function refuse(socket: Duplex, { status, lines = [], body }: RefusalAnswer, clock: Clock): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const reason = STATUS_CODES[status] ?? '';
  const text = body ?? reason;
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(text)}`,
    ...(lines.some((line) => /^content-type:/i.test(line))
      ? []
      : ['Content-Type: text/plain; charset=utf-8']),
    ...lines,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
  // What the client sent beyond its request is read: left unread it would make the end a reset, which overtakes
  // the answer.
  socket.resume();
  socket.once(
    'close',
    clock.schedule(() => socket.destroy(), LINGER_MS),
  );
}
