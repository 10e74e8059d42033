import type { Data } from './Data.ts';

/** What `connection.frames` shows: each whole message and each ping and pong, as it arrives (RFC 6455, 5.5 and 5.6). */
export interface Frame {
  readonly kind: 'text' | 'binary' | 'ping' | 'pong';
  readonly data: Data;
}
