import { Attempt } from './Attempt.mjs';
import { leftSince, present } from './Leftovers.mjs';
import { sleep } from './until.mjs';

/** What fails outside any call belongs to the attempt that runs. */
let current;
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error) => current?.failed(`${event}: ${error?.message ?? error}`));
process.on('warning', (warning) => {
  if (warning.name === 'MaxListenersExceededWarning') current?.failed(warning.message);
});

/** What `body` found, also where it never ends; then everything that it began is ended. */
async function attempt(body, options, withinMs) {
  const made = new Attempt(options);
  current = made;
  const patience = new AbortController();
  const late = sleep(withinMs, undefined, { signal: patience.signal }).then(
    () => made.failed(`not over within ${withinMs} ms`),
    () => {},
  );
  try {
    await Promise.race([body(made), late]);
  } catch (error) {
    if (!made.isControl || made.problems.length === 0) made.failed(error?.message ?? String(error));
    if (process.env.FAULTS_STACKS) console.error(error);
  }
  patience.abort();
  await made.end();
  return made;
}

/** Runs a line: what went wrong, and what is left. */
export async function runLine({ run, mostKib, withinMs = 60_000 }, options) {
  const startedAt = performance.now();
  const before = present();
  const { problems, note } = await attempt(run, options, withinMs);
  const { left, kib } = await leftSince(before, { mostKib });
  current = undefined;
  return { problems, note, left, kib, ms: performance.now() - startedAt };
}

/** Runs the control of a line, which is the same check on what is known to fail: what it noticed. */
export async function runControl({ control, withinMs = 60_000 }, options) {
  const before = present();
  const { problems } = await attempt(
    control.run,
    { ...options, isControl: true, controlMs: control.waitsMs },
    withinMs,
  );
  await leftSince(before, { withinMs: 200, mostKib: Infinity });
  current = undefined;
  return { what: control.what, problems };
}
