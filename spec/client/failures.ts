import type { CloseInfo } from '../../src/core/CloseInfo.ts';
import { ConnectionClosedError } from '../../src/core/ConnectionClosedError.ts';
import { HandshakeError } from '../../src/core/HandshakeError.ts';

/** The error of a connection that was lost, or ended as `close` says. */
export function ended(close: Partial<CloseInfo> = {}): ConnectionClosedError {
  return new ConnectionClosedError({
    code: 1006,
    reason: '',
    wasClean: false,
    by: 'network',
    openMs: 0,
    ...close,
  });
}

/** The error of a server that was not reached, or refused. */
export function refused(status?: number, headers: Record<string, string> = {}): HandshakeError {
  return new HandshakeError('refused', status === undefined ? {} : { status, headers });
}
