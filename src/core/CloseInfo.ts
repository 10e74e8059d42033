/** How a connection ended. A connection that ended without a closing handshake (`wasClean: false`) was *lost*. */
export interface CloseInfo {
  /** The close code (RFC 6455, 7.4): what the peer sent, or what this end sent or wanted to; 1005 none, 1006 lost. */
  readonly code: number;
  readonly reason: string;
  /** Both ends sent a close frame. */
  readonly wasClean: boolean;
  /** Who ended it: this end, the peer, or nobody in particular (reset, cut, silent). */
  readonly by: 'local' | 'peer' | 'network';
  /** For how many milliseconds the connection was open. */
  readonly openMs: number;
  /** What went wrong, where something did. */
  readonly error?: unknown;
}
