import { afterEach, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { surroundings } from '../../src/core/surroundings.ts';
import { virtualClock } from '../../src/testing/virtualClock.ts';
import { Replayed } from '../../src/topics/Replayed.ts';
import { TopicMessage } from '../../src/topics/TopicMessage.ts';

const message = (id: number): TopicMessage<number> => new TopicMessage('a', String(id), id, '');

afterEach(() => {
  surroundings.clock = undefined;
});

it('makes a message once, until a second after the last read', () => {
  const scheduler = new VirtualTimeScheduler();
  surroundings.clock = virtualClock(scheduler);
  const replayed = new Replayed<number>();
  let made = 0;
  const read = (id: number): unknown => replayed.of(String(id), () => (made++, message(id)));
  // Nobody reads.
  replayed.add(message(1));
  replayed.touch();
  const live = message(2);
  replayed.add(live);
  expect(read(1)).toBe(read(1));
  expect(read(2)).toBe(live);
  expect(made).toBe(1);
  scheduler.schedule(() => replayed.touch(), 999);
  scheduler.schedule(() => read(1), 1_998);
  scheduler.schedule(() => read(1), 2_000);
  scheduler.flush();
  expect(made).toBe(2);
});

it('keeps the last 1,000, and nothing of what cannot be made', () => {
  const replayed = new Replayed<number>();
  expect(replayed.of('0', () => undefined)).toBeUndefined();
  for (let id = 0; id < 1_001; id++) replayed.of(String(id), () => message(id));
  let made = 0;
  for (const id of [0, 1_000]) replayed.of(String(id), () => (made++, message(id)));
  expect(made).toBe(1);
  replayed.clear();
  replayed.of('1000', () => (made++, message(1_000)));
  expect(made).toBe(2);
});
