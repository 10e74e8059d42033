/** The seconds from `start` to `stop`. */
export const stopwatch = (run) =>
  new Promise((stopped) => {
    let startedAt;
    run(
      () => (startedAt = performance.now()),
      () => stopped((performance.now() - startedAt) / 1_000),
    );
  });
