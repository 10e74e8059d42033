import { describe, expect, it } from '@jest/globals';
import {
  EMPTY,
  lastValueFrom,
  NEVER,
  type Observable,
  type ObservableInput,
  of,
  throwError,
  toArray,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { Decision } from '../../src/server/Decision.ts';
import { decisionOf } from '../../src/server/decisionOf.ts';
import { reject } from '../../src/server/reject.ts';
import type { Upgrade } from '../../src/server/Upgrade.ts';

const upgrade = { path: '/' } as Upgrade;
const decide = (answer: Decision | ObservableInput<Decision>): Promise<unknown[]> =>
  lastValueFrom(decisionOf(() => answer, upgrade).pipe(toArray()));
const forbidden = expect.objectContaining({ status: 403 });

/** What plain JavaScript may answer. */
const anything = (answer: unknown): Decision => answer as Decision;

describe('decisionOf', () => {
  it.each<[string, Decision, unknown]>([
    ['true', true, {}],
    ['an empty Accepted', {}, {}],
    ['an Accepted', { headers: { a: 'b' }, context: 1 }, { headers: { a: 'b' }, context: 1 }],
    ['an Accepted with more in it', Object.assign({ context: 1 }, { id: 2 }), { context: 1, id: 2 }],
    ['a Refusal', reject(401), expect.objectContaining({ status: 401 })],
    ['false', false, forbidden],
    ['null', null, forbidden],
    ['undefined', undefined, forbidden],
  ])('reads %s, at once and from each kind of input', async (_, decision, read) => {
    expect(await decide(decision)).toEqual([read]);
    expect(await decide(Promise.resolve(decision))).toEqual([read]);
    expect(await decide(of(decision, false, true))).toEqual([read]);
    expect(await decide([decision, true])).toEqual([read]);
    expect(
      await decide(
        (async function* () {
          yield await Promise.resolve(decision);
        })(),
      ),
    ).toEqual([read]);
  });

  it.each<[string, ObservableInput<Decision>]>([
    ['Observable', EMPTY],
    ['list', []],
  ])('refuses for an empty %s', async (_, empty) => {
    expect(await decide(empty)).toEqual([forbidden]);
  });

  it.each([0, 1, '', 'yes', NaN, { ok: false }, { status: 401 }, () => true, Symbol('yes')])(
    'takes %p for no decision, at once or later',
    async (answer) => {
      const error = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
      await expect(decide(anything(answer))).rejects.toEqual(error);
      await expect(decide(Promise.resolve(anything(answer)))).rejects.toEqual(error);
    },
  );

  it('takes an input inside an input for no decision: it could hold a refusal', async () => {
    for (const inner of [of(false), Promise.resolve(false), [false]]) {
      await expect(decide(of(anything(inner)))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
  });

  it('errors with what is thrown, rejected or errored with', async () => {
    const error = new Error('oh');
    const thrown = decisionOf(() => {
      throw error;
    }, upgrade);
    await expect(lastValueFrom(thrown)).rejects.toBe(error);
    await expect(decide(Promise.reject(error))).rejects.toBe(error);
    await expect(decide(throwError(() => error))).rejects.toBe(error);
  });

  it.each([
    { decisions: '-----', result: '  -----', subscription: '^----' },
    { decisions: '--t', result: '    --(t|)', subscription: '^-!' },
    { decisions: '--t-f-t', result: '--(t|)', subscription: '^-!' },
    { decisions: '(tf)', result: '   (t|)', subscription: '  (^!)' },
    { decisions: '--|', result: '    --(f|)', subscription: '^-!' },
    { decisions: '--#', result: '    --#', subscription: '   ^-!' },
  ])('of $decisions makes $result', ({ decisions, result, subscription }) => {
    const values = { t: {}, f: reject(403) };
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(
      ({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold(decisions, { t: true, f: false });
        expectObservable(decisionOf(() => source, upgrade)).toBe(result, values);
        expectSubscriptions(source.subscriptions).toBe(subscription);
      },
    );
  });

  it('is cold, and gives the upgrade to the function at each subscription', () => {
    const asked: Upgrade[] = [];
    const decisions: Observable<unknown> = decisionOf((each) => {
      asked.push(each);
      return NEVER;
    }, upgrade);
    expect(asked).toEqual([]);
    decisions.subscribe().unsubscribe();
    decisions.subscribe().unsubscribe();
    expect(asked).toEqual([upgrade, upgrade]);
  });
});
