import type { CloseInfo } from '../core/CloseInfo.ts';

/** Who answers for a connection and will close it. One object, since a callback for each of these would cost more. */
export interface Owner {
  /** There is room to send, or no more. */
  balance(isWritable: boolean): void;
  /** The connection has ended; those who asked for `closed` know. */
  closed(close: CloseInfo): void;
  /** What was received has been read, or nobody is left to read it. May be told more than once. */
  allRead(): void;
}
