// Slices of all sides in turn, round by round, with all of them up: what slows the machine down slows all of them.
import { spread } from './statistics.mjs';

/**
 * `slice(name)` measures one slice of a side: `{ messages, seconds, cpuMs? }`. The side that begins changes from round to
 * round. `compare` of the result gives the ratios of a round, over all rounds.
 */
export async function paired(names, slice, { rounds, warmUps }) {
  for (let i = 0; i < warmUps; i++) for (const name of names) await slice(name);
  const samples = new Map(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)])
      samples.get(name).push(await slice(name));
  }
  return {
    compare: (one, other, value) =>
      spread(samples.get(one).map((sample, round) => value(sample) / value(samples.get(other)[round]))),
    of: (name, value) => spread(samples.get(name).map(value)),
  };
}

/** Of a sample: messages a second, by the wall clock. */
export const rate = ({ messages, seconds }) => messages / seconds;
/** Of a sample: messages for each second of CPU that the process under test used. */
export const cpuRate = ({ messages, cpuMs }) => messages / cpuMs;
/** Of a sample: microseconds of CPU for each message. */
export const cpuEach = ({ messages, cpuMs }) => (cpuMs * 1_000) / messages;
