import { expect, it } from '@jest/globals';
import { Prepared } from '../../src/core/Prepared.ts';
import { TopicMessage } from '../../src/topics/TopicMessage.ts';

it('is what a connection sends, with where it came from', () => {
  const message = new TopicMessage('lobby', '1-2', { text: 'a' }, '{"text":"a"}');
  expect(message).toBeInstanceOf(Prepared);
  expect(message).toMatchObject({ topic: 'lobby', id: '1-2', value: { text: 'a' }, data: '{"text":"a"}' });
});
