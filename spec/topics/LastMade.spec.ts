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

it('finds each of those that came together, in order', () => {
  const last = new LastMade<string>();
  const texts = ['x', 'y', 'x'];
  const made = texts.map((text) => new TopicMessage('a', undefined, text, text));
  made.forEach((message, i) => last.keep(message, texts[i]!, topic));
  for (const receiver of [pattern, other])
    expect(texts.map((text) => last.find('a', text, undefined, receiver))).toEqual(made);
  expect(last.find('a', 'x', undefined, pattern)).toBeUndefined();
});

it('gives each one to a receiver once, though texts are the same', () => {
  const last = new LastMade<string>();
  const [first, second] = [1, 2].map(() => new TopicMessage('a', undefined, 'x', 'x'));
  last.keep(first!, 'x', topic);
  last.keep(second!, 'x', topic);
  expect(last.find('a', 'x', undefined, pattern)).toBe(first);
  expect(last.find('a', 'x', undefined, pattern)).toBe(second);
});

it('keeps no more than came together, and the last one', () => {
  const last = new LastMade<string>();
  const long = (letter: string): string => letter.repeat(60_000);
  for (const letter of ['a', 'b', 'c'])
    last.keep(new TopicMessage('t', undefined, letter, letter), long(letter), topic);
  expect(last.find('t', long('a'), undefined, pattern)).toBeUndefined();
  expect(last.find('t', long('b'), undefined, pattern)).toMatchObject({ value: 'b' });
  expect(last.find('t', long('c'), undefined, pattern)).toMatchObject({ value: 'c' });
  const huge = 'd'.repeat(500_000);
  last.keep(new TopicMessage('t', undefined, 'd', 'd'), huge, topic);
  expect(last.find('t', long('c'), undefined, other)).toBeUndefined();
  expect(last.find('t', huge, undefined, other)).toMatchObject({ value: 'd' });
  last.clear();
  expect(last.find('t', huge, undefined, pattern)).toBeUndefined();
});
