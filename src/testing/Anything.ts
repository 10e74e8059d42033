/**
 * What a marble connection sends: the code under test has its own types for it, and each of them fits.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Anything = any;
