const SLICE_MS = 150;

/** `measure(name, count)`, with as many messages for each side as take it about one slice. */
export async function calibrated(names, measure) {
  const counts = new Map();
  for (const name of names) {
    let count = 2_000;
    for (let i = 0; i < 4; i++) {
      const { seconds } = await measure(name, count);
      count = Math.max(1_000, Math.round((count * SLICE_MS) / 1_000 / seconds));
    }
    counts.set(name, count);
  }
  return (name) => measure(name, counts.get(name));
}
