/** What a queue keeps the newest of: one message for each key. */
export interface ConflateBy<in Out> {
  readonly conflateBy: (message: Out) => unknown;
}

/**
 * What becomes of messages that the peer does not take in time.
 *
 * - `'close'`: past the bound the connection is closed with 1013.
 * - `'error'`: past the bound `send` throws an `OverflowError`; `sendTo` errors with it.
 * - `'dropOldest'`, `'dropNewest'`: past the bound a message is thrown away.
 * - `'latest'`: of what waits, only the newest is kept.
 * - `{ conflateBy }`: of what waits, the newest for each key is kept, in the place of the older one; `'close'` past the bound.
 */
export type Overflow<Out> = 'close' | 'error' | 'dropOldest' | 'dropNewest' | 'latest' | ConflateBy<Out>;
