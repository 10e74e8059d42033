// The other end of `Side`: answers what the orchestrator asks, and ends with it.

const memory = () => {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  // Of `external` array buffers are a part.
  return { heap: heapUsed, held: heapUsed + external, rss };
};
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
let most;
let watching;
const watch = () => {
  most = 0;
  watching = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
};
const watched = () => {
  clearInterval(watching);
  return most;
};

/** `questions` by name; a question may take its time. `ready` goes to who started the process. */
export function answer(ready, questions = {}) {
  const known = { cpu, memory, watch, watched, ...questions };
  process.on('message', async ({ id, question, args }) => {
    try {
      process.send({ id, answer: await known[question](...args) });
    } catch (error) {
      process.send({ id, error: error?.stack ?? String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
  process.send({ ready });
}
