import { describe, it } from '@jest/globals';
import { reads } from '../../src/connection/reads.ts';
import { run } from './marbles.ts';

// How it delivers is seen in Incoming.spec.ts.
describe('reads', () => {
  it.each([
    ['messages', '-ab-|'],
    ['text', '    -a--|'],
    ['binary', '  --b-|'],
  ] as const)('gives %s', (kind, seen) =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open();
      const messages = { a: 'a', b: Uint8Array.of(1) };
      says(peer, '                                            -ab-|', messages);
      expectObservable(reads(connection.engine, kind)).toBe(seen.trim(), messages);
    }),
  );
});
