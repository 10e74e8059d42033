import type { CloseInfo } from '../core/CloseInfo.ts';
import type { ConnectionClosedError } from '../core/ConnectionClosedError.ts';
import type { HandshakeError } from '../core/HandshakeError.ts';

/** The peer says that it may be better served later, or elsewhere: it goes, failed, restarts, is busy, has a bad gateway. */
const OF_THE_PEER = [1001, 1006, 1011, 1012, 1013, 1014];
/** This end gave up a connection and not what it carries: garbled, cut by `terminate()`, too slow. */
const OF_THIS_END = [1002, 1006, 1013];

/** Whether another attempt may fare better; see `reconnect`. Anything can be thrown, also what cannot be looked at. */
export function isTemporary(error: unknown): boolean {
  try {
    const failure = Object(error) as Partial<ConnectionClosedError> | Partial<HandshakeError>;
    if (failure.code === 'CONNECTION_CLOSED')
      return failure.close !== undefined && isCloseTemporary(failure.close);
    return failure.code === 'HANDSHAKE' && isStatusTemporary(failure.status);
  } catch {
    return false;
  }
}

function isCloseTemporary({ by, code }: CloseInfo): boolean {
  if (by === 'network') return true;
  return (by === 'peer' ? OF_THE_PEER : OF_THIS_END).includes(code);
}

/** Undefined: there was no answer, or the platform hides it. */
function isStatusTemporary(status: number | undefined): boolean {
  return status === undefined || status === 408 || status === 429 || status >= 500;
}
