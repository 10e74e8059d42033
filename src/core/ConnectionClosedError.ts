import type { CloseInfo } from './CloseInfo.ts';

/** A connection ended in a way that its user has to know about; `close` tells how. */
export class ConnectionClosedError extends Error {
  override readonly name = 'ConnectionClosedError';
  readonly code = 'CONNECTION_CLOSED';
  readonly close: CloseInfo;

  constructor(close: CloseInfo, where = '') {
    const who = { local: 'closed by this end', peer: 'closed by the peer', network: 'lost' }[close.by];
    const reason = close.reason && ` "${close.reason}"`;
    super(
      `the connection${where && ` to ${where}`} was ${who} with ${close.code}${reason} after ${Math.round(close.openMs)} ms`,
      {
        cause: close.error,
      },
    );
    this.close = close;
  }
}
