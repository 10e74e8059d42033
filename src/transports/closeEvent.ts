import type { SocketCloseEvent } from './SocketEvents.ts';

/** What stands for the platform's `CloseEvent` where there is none: a plain object with its fields. */
export function closeEvent(end: {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  readonly error?: unknown;
}): SocketCloseEvent {
  const { code, reason, wasClean, error } = end;
  const event: object = { type: 'close', code, reason, wasClean, ...(error === undefined ? {} : { error }) };
  return event as SocketCloseEvent;
}
