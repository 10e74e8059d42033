// What is there now and was not before: handles, timers (also those that keep no process alive), listeners of the
// process, and memory.
import { sleep } from './until.mjs';

const timers = new Set();

/** Counts what is set through the globals from now on, as the library and RxJS do. */
function watch(set, clear) {
  const { [set]: original, [clear]: forget } = globalThis;
  globalThis[set] = Object.assign((task, delay, ...args) => {
    const timer = original(
      (...given) => {
        if (set === 'setTimeout') timers.delete(timer);
        task(...given);
      },
      delay,
      ...args,
    );
    timers.add(timer);
    return timer;
  }, original);
  globalThis[clear] = (timer) => {
    timers.delete(timer);
    forget(timer);
  };
}
watch('setTimeout', 'clearTimeout');
watch('setInterval', 'clearInterval');

const KIB = 1_024;

function memory() {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function counts() {
  const counted = {};
  // Pipes are how this process talks to the one that started it.
  for (const type of process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap'))
    counted[type] = (counted[type] ?? 0) + 1;
  counted.timer = timers.size;
  counted['listener of the process'] = process
    .eventNames()
    .reduce((sum, event) => sum + process.listenerCount(event), 0);
  return counted;
}

/** What is there now, to compare with. */
export function present() {
  return { counts: counts(), bytes: memory() };
}

const surplus = (before) =>
  Object.entries(counts())
    .map(([what, count]) => [what, count - (before.counts[what] ?? 0)])
    .filter(([, more]) => more > 0);

/** What is left since `before`, given time to go; `mostKib` is what memory may have grown by. */
export async function leftSince(before, { mostKib = 4_096, withinMs = 3_000 } = {}) {
  const patience = performance.now() + withinMs;
  while (surplus(before).length > 0 && performance.now() < patience) await sleep(10);
  let kib = (memory() - before.bytes) / KIB;
  // What was just destroyed is let go of in a later turn.
  for (let i = 0; i < 20 && kib > mostKib; i++) {
    await sleep(20);
    kib = (memory() - before.bytes) / KIB;
  }
  const left = surplus(before).map(([what, more]) => `${more} ${what}`);
  if (kib > mostKib) left.push(`${Math.round(kib).toLocaleString('en')} KiB of memory`);
  return { left, kib };
}
