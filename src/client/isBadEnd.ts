import type { CloseInfo } from '../core/CloseInfo.ts';

/** Whether an end is an error for a client, where its config does not say: see `closeIsError`. */
export function isBadEnd({ wasClean, error, by, code }: CloseInfo): boolean {
  return !wasClean || error !== undefined || (by === 'peer' && code !== 1000 && code !== 1005);
}
