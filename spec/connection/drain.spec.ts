import { describe, it } from '@jest/globals';
import { timer } from 'rxjs';
import { drain } from '../../src/connection/drain.ts';
import { engineOf } from '../../src/connection/EngineConnection.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';

// With owners: spec/server/Conversation.spec.ts and spec/server/Drain.spec.ts.
describe('drain', () => {
  it('delivers what was received, and then closes', () =>
    runMarbles(({ connection, expectObservable, expectClosed }) => {
      const c = connection('ab-c');
      const hold = c.hold();
      timer(2).subscribe(() => drain(engineOf(c)));
      timer(5).subscribe(() => hold.unsubscribe());
      expectObservable(c.text).toBe('-----(ab|)');
      expectClosed(c).toBe('-----x', { code: 1001, by: 'local' });
    }));

  it('waits for an answer no longer than for any close', () =>
    runMarbles(({ connection, expectClosed }) => {
      const c = connection('', {}, { closeTimeoutMs: 30, closeMs: Infinity });
      c.messages.subscribe();
      timer(2).subscribe(() => drain(engineOf(c)));
      expectClosed(c).toBe('32ms x', { code: 1001, wasClean: false });
    }));

  it('does nothing to what closes already', () =>
    runMarbles(({ connection, expectClosed }) => {
      const c = connection('', {}, { closeMs: 5 });
      timer(2).subscribe(() => {
        c.close(4000);
        drain(engineOf(c));
      });
      expectClosed(c).toBe('-------x', { code: 4000 });
    }));
});
