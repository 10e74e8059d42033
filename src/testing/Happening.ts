import type { Data } from '../core/Data.ts';

/** One thing that happens in virtual time, or is expected to. */
export interface Happening {
  readonly frame: number;
  /** A value, an error, a completion; of a subscription its begin and end. */
  readonly kind: 'N' | 'E' | 'C' | '^' | '!';
  readonly value?: unknown;
  /** Of a message that was sent: its bytes or text, which `value` was made of. */
  readonly wire?: Data;
  /** The letter that the diagram has for it. */
  readonly letter?: string;
}
