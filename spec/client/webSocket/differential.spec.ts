// `rxjs/webSocket` and this library, played the same scripts over the same sockets: whatever can be seen is the same, but
// for the differences that are listed.
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { config } from 'rxjs';
import { webSocket } from '../../../src/client/webSocket/webSocket.ts';
import { type Difference, differences } from './differences.ts';
import { alike, differs, isForeign, type Past, remember } from './differs.ts';
import { BAD, type Make, type Moment, Run, type Step } from './Run.ts';
import { scripts } from './scripts.ts';

// Not by `import`: its types need those of a page.
const theirs = (createRequire(import.meta.url)('rxjs/webSocket') as { webSocket: Make }).webSocket;
const ours = webSocket as unknown as Make;
const quiet = { onError: () => {} };

/** Sockets do what the standard lets them do: whether that lets this one now. */
function isPossible(run: Run, step: Step): boolean {
  if (step[0] !== 'open' && step[0] !== 'fail' && step[0] !== 'receive' && step[0] !== 'end') return true;
  const socket = run.socket(step[1]);
  if (socket === undefined) return false;
  const { readyState, hasOpened, hasFailed, hasEnded } = socket;
  switch (step[0]) {
    case 'open':
      return readyState === 0;
    case 'receive':
      return hasOpened && readyState < 3;
    case 'fail':
      return !hasFailed && !hasEnded;
    case 'end':
      return !hasEnded && (!step[2].wasClean || (hasOpened && !hasFailed));
  }
}

const socket = fc.constantFrom(0, 0, 0, 0, 1, 1, 2);
const closes = [
  { wasClean: true, code: 1000, reason: '' },
  { wasClean: true, code: 1005 },
  { wasClean: true, code: 4001, reason: 'why' },
  { wasClean: false, code: 1006 },
];
const errors = [{ code: 4000, reason: 'why' }, { code: 4001 }, { code: 0 }, new Error('no code'), undefined];
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(['subscribe'] as const) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('retry' as const), fc.constantFrom(1, 2)) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('multiplex' as const), fc.constantFrom('a', 'b')) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('unsubscribe' as const), fc.nat(6)) },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constant('next' as const), fc.constantFrom(1, 'two', { three: 3 }, BAD)),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constant('error' as const), fc.constantFrom(...errors)) },
  { weight: 1, arbitrary: fc.constant(['complete'] as const) },
  { weight: 8, arbitrary: fc.tuple(fc.constant('open' as const), socket) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('fail' as const), socket) },
  {
    weight: 6,
    arbitrary: fc.tuple(
      fc.constant('receive' as const),
      socket,
      fc.constantFrom('1', '{"key":"a"}', '{"key":"b"}', '{"fault":true}', '{unreadable'),
    ),
  },
  { weight: 5, arbitrary: fc.tuple(fc.constant('end' as const), socket, fc.constantFrom(...closes)) },
);
/** Nothing follows it, so that it is rare. */
const lastStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 30, arbitrary: step },
  { weight: 1, arbitrary: fc.constant(['close'] as const) },
);
const script = fc.array(lastStep, { minLength: 5, maxLength: 60, size: 'max' });
const reaction = fc.option(
  fc.constantFrom<Step>(
    ['subscribe'],
    ['multiplex', 'a'],
    ['next', 5],
    ['complete'],
    ['error', { code: 4002, reason: 'at once' }],
    ['unsubscribe', 0],
    ['unsubscribe', 1],
  ),
  { freq: 2, nil: undefined },
);
// To unsubscribe within openObserver is one of the differences.
const reactions = fc.record<Record<Moment, Step | undefined>>({
  open: reaction.filter((step) => step?.[0] !== 'unsubscribe'),
  closing: reaction,
  closed: reaction,
  next: reaction,
  error: reaction,
  complete: reaction,
});

/** Plays what is possible and shows no difference; the result is how many steps that were. */
function playBoth(our: Run, their: Run, steps: readonly Step[]): number {
  const past: Past = { retries: false, fails: false };
  const decisions: boolean[] = [];
  their.permits = (step) => {
    const permitted = !differs(their, step, past);
    decisions.push(permitted);
    return permitted;
  };
  our.permits = () => decisions.shift() ?? true;
  let played = 0;
  for (const step of steps) {
    if (!isPossible(our, step) || differs(their, step, past)) continue;
    remember(past, step);
    played++;
    const expected = their.do(step).filter((line) => !isForeign(line));
    expect([step, our.do(step).map(alike)]).toEqual([step, expected.map(alike)]);
  }
  return played;
}

describe('rxjs/webSocket and this library', () => {
  describe('do the same', () => {
    it.each(Object.entries(scripts))('%s', (_name, { script, reactions = {}, config = {} }) => {
      const expected = new Run(theirs, { reactions, config }).play(script);
      expect(new Run(ours, { reactions, config }).play(script).map(alike)).toEqual(expected.map(alike));
      expect(expected.length).toBeGreaterThan(0);
    });

    const seed = 20_261_124;

    it('in any script', () => {
      let played = 0;
      const property = fc.property(script, reactions, (steps, reactions) => {
        played += playBoth(
          new Run(ours, { reactions, config: quiet }),
          new Run(theirs, { reactions }),
          steps,
        );
      });
      fc.assert(property, { seed, numRuns: 800 });
      expect(played).toBeGreaterThan(8_000);
    });

    it('in any script over sockets that answer a close within the call', () => {
      let played = 0;
      const property = fc.property(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), (steps) => {
        const runs = [new Run(ours, { config: quiet }), new Run(theirs)] as const;
        for (const { platform } of runs) platform.closesAtOnce = true;
        played += playBoth(...runs, steps);
      });
      fc.assert(property, { seed, numRuns: 300 });
      expect(played).toBeGreaterThan(3_000);
    });
  });

  describe('differ in that', () => {
    const thrown: unknown[] = [];
    beforeEach(() => {
      config.onUnhandledError = (error: Error) => thrown.push(error.message);
    });
    afterEach(() => {
      config.onUnhandledError = null;
    });

    const play = (make: Make, { script, reactions = {}, config }: Difference): readonly string[] =>
      new Run(make, { reactions, config: { ...quiet, ...config?.() } }).play(script);

    it.each(differences.map((difference) => [difference.name, difference] as const))(
      '%s',
      async (_name, difference) => {
        expect(play(ours, difference)).toEqual(difference.ours);
        await laterTurn();
        expect(thrown.splice(0)).toEqual([]);
        expect(play(theirs, difference)).toEqual(difference.theirs);
        await laterTurn();
        expect(thrown.splice(0)).toEqual(difference.thrown === undefined ? [] : [difference.thrown]);
      },
    );
  });
});

/** RxJS throws what nobody handles from a timer. */
function laterTurn(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0));
}
