import { runMarbles } from '../../src/testing/runMarbles.ts';
import type { Marbles } from '../../src/testing/Marbles.ts';

/** What a marble test fails with. */
export function failure(body: (helpers: Marbles) => unknown): Error {
  try {
    runMarbles(body);
  } catch (error) {
    return error as Error;
  }
  throw new Error('the test passed, and was to fail');
}
