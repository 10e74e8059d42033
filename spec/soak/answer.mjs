// A process of the soak: answers what the orchestrator asks over IPC, and ends with it.

/** Heap in use, with all garbage gone. */
export function heap() {
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** `questions` by name; a question may take its time. `ready` goes to who started the process. */
export function answer(ready, questions) {
  const known = { heap, rss: () => process.memoryUsage.rss(), ...questions };
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
