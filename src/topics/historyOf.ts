import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import type { HistoryConfig } from './HistoryConfig.ts';

/** What is kept, with the defaults; undefined where that is nothing. */
export function historyOf(history: HistoryConfig | boolean | undefined): Required<HistoryConfig> | undefined {
  if (history === undefined || history === false) return undefined;
  const { length = 1_000, maxAgeMs = 3_600_000 } = history === true ? {} : history;
  if (!(Number.isInteger(length) && length > 0))
    throw new InvalidArgumentError(`a history has a length of 1 or more, not ${length}`);
  if (!(maxAgeMs > 0 && Number.isFinite(maxAgeMs)))
    throw new InvalidArgumentError(`a history has a maxAgeMs above 0, not ${maxAgeMs}`);
  return { length, maxAgeMs };
}
