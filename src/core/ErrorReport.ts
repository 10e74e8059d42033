import type { Handshake } from './Handshake.ts';

/** Gets what a function of the user threw or rejected with, and the connection or request that it was called for. */
export type OnError<Where> = (error: unknown, where: Where | Handshake) => void;

interface Host {
  process?: { emitWarning?(message: string, options: { type: string; detail: string }): void };
  reportError?(error: unknown): void;
}

/** Hands `error` to `onError`, or says it as a process warning (in a page: `reportError`). Never throws. */
export function report<Where>(onError: OnError<Where> | undefined, error: unknown, where: Where | Handshake): void {
  if (onError === undefined) {
    warn(error);
    return;
  }
  try {
    onError(error, where);
  } catch (thrown) {
    warn(error);
    warn(thrown);
  }
}

function warn(error: unknown): void {
  const host = globalThis as Host;
  const { message, stack } = Object(error) as { message?: unknown; stack?: unknown };
  if (host.process?.emitWarning) {
    host.process.emitWarning(String(message ?? error), { type: 'RxjsWsWarning', detail: String(stack ?? '') });
  } else host.reportError?.(error);
}
