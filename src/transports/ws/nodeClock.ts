import type { Clock } from '../../core/Clock.ts';
import { Fifo } from '../../core/Fifo.ts';
import { stagedClock } from '../../core/surroundings.ts';

/** One queue and one tick for all the connections of the process: a busy turn costs one `nextTick`, not thousands. */
const tasks = new Fifo<() => void>();

function runTasks(): void {
  // What the tasks ask for runs in this tick too, behind them.
  try {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) task();
  } finally {
    // A task that threw takes none of the others with it.
    if (tasks.length > 0) process.nextTick(runTasks);
  }
}

/** Real time in Node. Its timers keep no process alive: the socket of an open connection does. */
export const nodeClock: Clock = stagedClock({
  now: () => performance.now(),
  later: (task) => {
    tasks.push(task);
    if (tasks.length === 1) process.nextTick(runTasks);
  },
  afterIo: (task) => {
    setImmediate(task);
  },
  schedule: (task, delayMs) => {
    // Node takes no longer delay than this; a longer one would fire at once.
    const timer = setTimeout(task, Math.min(delayMs, 2 ** 31 - 1)).unref();
    return () => clearTimeout(timer);
  },
});
