import { expect, it } from '@jest/globals';
import { LastMade } from '../../src/topics/LastMade.ts';
import { TopicMessage } from '../../src/topics/TopicMessage.ts';

const [topic, pattern, other] = [{}, {}, {}];

it('finds what was made last, for each receiver once', () => {
  const last = new LastMade<string>();
  expect(last.find('a', 'x', undefined, topic)).toBeUndefined();
  const made = new TopicMessage('a', undefined, 'x', 'x');
  last.keep(made, 'x', topic);
  expect(last.find('a', 'x', undefined, pattern)).toBe(made);
  expect(last.find('a', 'x', undefined, other)).toBe(made);
  // The same again is another message.
  for (const receiver of [topic, pattern, other])
    expect(last.find('a', 'x', undefined, receiver)).toBeUndefined();
});

it('finds no other', () => {
  const last = new LastMade<string>();
  const bytes = new Uint8Array([1, 2]);
  last.keep(new TopicMessage('a', '1', 'x', bytes), bytes, topic);
  expect(last.find('b', bytes, '1', pattern)).toBeUndefined();
  expect(last.find('a', bytes, '2', pattern)).toBeUndefined();
  expect(last.find('a', '12', '1', pattern)).toBeUndefined();
  expect(last.find('a', new Uint8Array([1, 3]), '1', pattern)).toBeUndefined();
  expect(last.find('a', new Uint8Array([1]), '1', pattern)).toBeUndefined();
  expect(last.find('a', new Uint8Array([1, 2]), '1', pattern)).toBeDefined();
});
