import { describe, expect, it } from '@jest/globals';
import { roundTripSummary } from '../../src/server/roundTripSummary.ts';

describe('roundTripSummary', () => {
  it.each([
    [[], undefined],
    [[3], { median: 3, p95: 3, max: 3 }],
    [[10, 9, 1], { median: 9, p95: 10, max: 10 }],
    [Array.from({ length: 100 }, (_, i) => 100 - i), { median: 50, p95: 95, max: 100 }],
  ])('of %j', (roundTrips, summary) => {
    expect(roundTripSummary(roundTrips)).toEqual(summary);
  });
});
