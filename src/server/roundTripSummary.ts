/** Round trips of many connections, in milliseconds. */
export interface RoundTripSummary {
  readonly median: number;
  /** Nineteen of twenty were not longer. */
  readonly p95: number;
  readonly max: number;
}

/** Undefined where there are none. */
export function roundTripSummary(roundTrips: readonly number[]): RoundTripSummary | undefined {
  if (roundTrips.length === 0) return undefined;
  const sorted = Float64Array.from(roundTrips).sort();
  const at = (part: number): number => sorted[Math.ceil(part * sorted.length) - 1]!;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}
