/** As in `ws`. */
export const MAX_FRAGMENTS = 16_384;

/** For `ws`, which knows it from 8.22 on and counts the frames of a message; zero is no limit. Not known to its types. */
export function fragmentLimit(maxFragments: number = MAX_FRAGMENTS): object {
  return { maxFragments: Number.isFinite(maxFragments) ? maxFragments : 0 };
}
