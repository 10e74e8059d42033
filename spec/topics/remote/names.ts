import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { text } from '../../../src/codecs/text.ts';
import type { Bus } from '../../../src/topics/Bus.ts';
import { glob } from '../../../src/topics/glob.ts';
import { topicName } from '../../../src/topics/topicName.ts';
import { topics } from '../../../src/topics/topics.ts';
import { until } from '../until.ts';
import { listening } from './contract.ts';
import { freshPrefix } from '../servers.ts';

const PIECES = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ...['\r\n', '::', '**', '=2A', '%7B', '%25', '{', '}', '{}', '\\*', '[a]', '[^a]', 'a-z', '$SYS', '_INBOX'],
  ...[
    '__proto__',
    'constructor',
    'history:',
    'ü',
    'ﬀ',
    'é',
    'e\u0301',
    '\ufeff',
    '\u2028',
    '👩‍👩‍👧',
    '\ud800',
    '\udfff',
  ],
];
const LONGEST = [
  'x'.repeat(1_024),
  'ü'.repeat(512),
  '\0'.repeat(1_024),
  '*'.repeat(1_024),
  ':'.repeat(1_024),
];

const name = fc.oneof(
  { weight: 20, arbitrary: fc.string({ unit: fc.constantFrom(...PIECES), maxLength: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom('', ...LONGEST) },
);

/** Whatever is in their names, topics that differ are two, and a pattern means the same on every bus. */
export function names(bus: (config: { prefix: string; idleMs: number }) => Bus, hasPatterns: boolean): void {
  it('never mixes two topics, and takes a pattern for what it says', async () => {
    const made = bus({ prefix: freshPrefix(), idleMs: 60_000 });
    const errors: unknown[] = [];
    const rooms = topics({ codec: text(), bus: made, onError: (error) => errors.push(error) });
    const end = await listening(rooms, 'the end');
    const property = fc.asyncProperty(
      fc.uniqueArray(name, { minLength: 2, maxLength: 8, selector: topicName }),
      fc.array(fc.tuple(fc.nat(7), fc.nat(6), fc.nat(6)), { maxLength: 4 }),
      async (topicsOf, cuts) => {
        // Of a topic, some characters are any.
        const patterns = cuts.map(([which, from, count]) => {
          const characters = [...topicsOf[which % topicsOf.length]!];
          return [...characters.slice(0, from), '*', ...characters.slice(from + count + 1)].join('');
        });
        const got: string[] = [];
        const expected: string[] = [];
        const subscriptions = topicsOf.map((topic, at) =>
          rooms.messages(topic).subscribe((message) => {
            got.push(`${at} ${message.value} ${JSON.stringify(message.topic)}`);
          }),
        );
        topicsOf.forEach((topic, at) => expected.push(`${at} ${at} ${JSON.stringify(topicName(topic))}`));
        if (hasPatterns)
          for (const pattern of patterns) {
            const matches = glob(topicName(pattern));
            topicsOf.forEach((topic, at) => {
              if (matches(topicName(topic))) expected.push(`${JSON.stringify(pattern)} ${at}`);
            });
            subscriptions.push(
              rooms.messages({ pattern }).subscribe(({ value }) => {
                if (value !== 'over') got.push(`${JSON.stringify(pattern)} ${value}`);
              }),
            );
          }
        topicsOf.forEach((topic, at) => rooms.publish(topic, String(at)));
        rooms.publish('the end', 'over');
        await end.next(1);
        // Of other topics, what is at other servers may come later.
        await until(() => got.length >= expected.length);
        for (const subscription of subscriptions) subscription.unsubscribe();
        expect(got.sort()).toEqual(expected.sort());
      },
    );
    await fc.assert(property, { numRuns: 100 });
    expect(errors).toEqual([]);
    end.subscription.unsubscribe();
    await made.close();
  }, 60_000);
}
