import { describe, expect, it } from '@jest/globals';
import { isEngineConnection } from '../../src/connection/EngineConnection.ts';
import type { MarbleConnection } from '../../src/testing/MarbleConnection.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';

describe('MarbleConnection', () => {
  it('is taken by asking for a member, and not by looking at it', () => {
    runMarbles(({ connection, expectSent }) => {
      const c = connection('-|') as MarbleConnection<string, unknown, undefined>;
      expectSent(c).toBe('');
      expect(isEngineConnection(c)).toBe(true);
      expect([c.isBegun, c.isOver]).toEqual([false, false]);
      expect(c.state).toBe('open');
      expect(c.isBegun).toBe(true);
    });
  });

  it('knows the holds that are open', () => {
    runMarbles(({ connection }) => {
      const c = connection('') as MarbleConnection<string, unknown, undefined>;
      const holds = [c.hold(), c.hold()];
      expect([...c.openHolds.values()]).toEqual([
        expect.stringContaining('MarbleConnection.spec.ts'),
        expect.stringContaining('MarbleConnection.spec.ts'),
      ]);
      for (const hold of holds) hold[Symbol.dispose]();
      expect(c.openHolds.size).toBe(0);
    });
  });
});
