import { closeChosenBy } from './closeChosenBy.ts';
import type { Handshake } from './Handshake.ts';
import { onRejection } from './onRejection.ts';

/** Gets what a function of the user threw or rejected with, and the connection or request that it was called for. */
export type OnError<Where> = (error: unknown, where: Where | Handshake) => void;

interface Host {
  process?: { emitWarning?(message: string, options: { type: string; detail: string }): void };
  reportError?(error: unknown): void;
}

/**
 * Hands `error` to `onError`; without one says it as a process warning (in a page: `reportError`), unless it has told the
 * peer all there is to say, as a `CloseError` does. Never throws.
 */
export function report<Where>(
  onError: OnError<Where> | undefined,
  error: unknown,
  where: Where | Handshake,
  isTold: boolean = closeChosenBy(error) !== undefined,
): void {
  if (onError === undefined) {
    if (!isTold) warn(error);
    return;
  }
  const failed = (thrown: unknown): void => {
    warn(error);
    warn(thrown);
  };
  try {
    // An `async` function may be given too: what it rejects with would end the process.
    onRejection(onError(error, where), failed);
  } catch (thrown) {
    failed(thrown);
  }
}

/** Says it where there is no `onError`. */
export function warn(error: unknown): void {
  const host = globalThis as Host;
  if (host.process?.emitWarning) {
    host.process.emitWarning(messageOf(error), { type: 'RxjsWsWarning', detail: detailOf(error) });
  } else host.reportError?.(error);
}

/** The message of anything that can be thrown. */
export function messageOf(error: unknown): string {
  try {
    const { message } = Object(error) as { message?: unknown };
    return String(message ?? error);
  } catch {
    // Anything can be thrown, also what cannot be made a text.
    return 'an error that cannot be shown';
  }
}

/** A cause may be its own cause. */
const MAX_CAUSES = 5;

/** The stack of anything that can be thrown, and of its causes. To make a text of one takes a while. */
function detailOf(error: unknown): string {
  let detail = '';
  try {
    const { stack, cause } = Object(error) as { stack?: unknown; cause?: unknown };
    if (typeof stack === 'string') detail = stack;
    for (let each = cause, i = 0; each !== undefined && i < MAX_CAUSES; i++) {
      const { stack: of = each, cause: next } = Object(each) as { stack?: unknown; cause?: unknown };
      detail += `\n[cause]: ${String(of)}`;
      each = next;
    }
  } catch {
    // What can be shown is.
  }
  return detail;
}
