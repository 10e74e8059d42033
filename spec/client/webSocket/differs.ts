// Whether a script would show one of the differences, and what no script need tell apart.
import { BAD, type Run, type Step } from './Run.ts';

/** What RxJS holds inside; only to know whether a step would show one of the differences. */
interface Inside {
  readonly _socket: unknown;
  readonly _output: { readonly observers: readonly unknown[]; readonly hasError: boolean };
}

/** What has been played so far. */
export interface Past {
  retries: boolean;
  /** An error of error(), or of the serializer, may wait for the opening. */
  fails: boolean;
}

const isFailing = (step: Step): boolean =>
  (step[0] === 'next' && step[1] === BAD) ||
  (step[0] === 'error' && !(Object(step[1]) as { code?: number }).code);

export function remember(past: Past, step: Step): void {
  past.retries ||= step[0] === 'retry';
  past.fails ||= isFailing(step);
}

/** Whether one of the differences above would show if this step were played now. */
export function differs(theirs: Run, step: Step, past: Past): boolean {
  const { _socket, _output } = theirs.subject as unknown as Inside;
  const [kind] = step;
  if (kind === 'next' || kind === 'error' || kind === 'complete') {
    if (_socket === null && theirs.platform.sockets.length > 0) return true;
  }
  if (kind === 'subscribe' || kind === 'retry' || kind === 'multiplex') return _output.hasError;
  if (kind === 'fail' && _socket !== null && theirs.socket(step[1]) !== _socket) return true;
  const failsNow =
    isFailing(step) ||
    (kind === 'receive' && _output.observers.length > 1) ||
    (kind === 'open' && past.fails);
  return failsNow && past.retries;
}

/** What no script need tell apart: the code 1000 of a close, and whose fault an error was. */
export function alike(line: string): string {
  return line
    .replace(/^(\d+: close) 1000$/, '$1')
    .replace(
      /error (TypeError WebSocketSubject\.error must be.*|a fault of the spec)$/,
      'error of error() or a serializer',
    );
}

/** The last message of a part, on a connection that is not the one of the part. */
export function isForeign(line: string): boolean {
  const [, socket, connection] = /^(\d+): send .*"connection":(\d+)/.exec(line) ?? [];
  return socket !== connection;
}
