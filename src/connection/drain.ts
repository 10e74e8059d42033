import type { Engine } from './Engine.ts';

/**
 * Reads no more, so that `messages` completes with what was received; the owner then finishes and closes with 1001.
 * Without an owner that is when `messages` has completed; with one that holds for ever, after `closeTimeoutMs`.
 */
export function drain(engine: Engine): void {
  if (engine.state !== 'open') return;
  engine.isDraining = true;
  // First: who finishes inside the next call sets a deadline of its own.
  engine.leaving.after(engine.settings.closeTimeoutMs, () => engine.leave());
  engine.incoming.end();
  if (engine.owner === undefined) engine.incoming.whenDone(() => engine.leave());
}
