import { afterEach, describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { Prepared } from '../../src/core/Prepared.ts';
import { surroundings } from '../../src/core/surroundings.ts';
import { virtualClock } from '../../src/testing/virtualClock.ts';
import type { HistoryPage } from '../../src/topics/Bus.ts';
import { historyOf } from '../../src/topics/historyOf.ts';
import type { HistoryConfig } from '../../src/topics/HistoryConfig.ts';
import { MemoryHistory } from '../../src/topics/MemoryHistory.ts';

function kept(config: HistoryConfig) {
  const history = new MemoryHistory(historyOf(config)!);
  const add = (value: string, topic = 'a'): string => {
    const id = history.nextId();
    history.add(topic, id, new Prepared(value, value));
    return id;
  };
  return { history, add };
}
const values = ({ messages }: HistoryPage): unknown[] =>
  messages.map(({ content }) => (content as Prepared<unknown>).value);

describe('MemoryHistory', () => {
  afterEach(() => {
    surroundings.clock = undefined;
  });

  it('tells what came after an id, and where the topic stands', () => {
    const { history, add } = kept({});
    const [one, , three] = ['1', '2', '3'].map((value) => add(value));
    expect(values(history.read('a', one))).toEqual(['2', '3']);
    expect(history.read('a', one)).toMatchObject({ gap: false, last: three, more: false });
    expect(history.read('a', three)).toEqual({ gap: false, messages: [], last: three, more: false });
    expect(history.read('a', undefined)).toEqual({ gap: false, messages: [], last: three, more: false });
    expect(values(history.read('a', '0'))).toEqual(['1', '2', '3']);
    expect(history.read('none', '0')).toEqual({ gap: false, messages: [], last: '0', more: false });
  });

  it('is bounded in length: what is behind the oldest is a gap, its own neighbour is none', () => {
    const { history, add } = kept({ length: 2 });
    const [one, two] = ['1', '2', '3', '4'].map((value) => add(value));
    expect(history.read('a', two)).toMatchObject({ gap: false });
    expect(values(history.read('a', two))).toEqual(['3', '4']);
    expect(history.read('a', one)).toMatchObject({ gap: true });
    expect(values(history.read('a', one))).toEqual(['3', '4']);
    expect(values(history.read('a', '0'))).toEqual(['3', '4']);
    expect(history.read('a', '0')).toMatchObject({ gap: false });
  });

  it('is bounded in age; a quiet topic is no gap', () => {
    const scheduler = new VirtualTimeScheduler();
    surroundings.clock = virtualClock(scheduler);
    const { history, add } = kept({ maxAgeMs: 100 });
    const one = add('1');
    const two = add('2');
    scheduler.frame = 150;
    expect(history.read('a', two)).toMatchObject({ gap: false, messages: [] });
    const three = add('3');
    expect(values(history.read('a', two))).toEqual(['3']);
    expect(history.read('a', two)).toMatchObject({ gap: false });
    expect(history.read('a', one)).toMatchObject({ gap: true, last: three });
    expect(values(history.read('a', one))).toEqual(['3']);
    scheduler.frame = 300;
    add('1', 'b');
    // Nobody has published to it for so long that it is forgotten.
    expect(history.read('a', three)).toMatchObject({ gap: true, messages: [] });
  });

  it('takes an id that it never gave for a gap, before all that it has', () => {
    const { history, add } = kept({});
    const last = add('1');
    for (const strange of ['1', '999999999999999', `${last.split('-')[0]}-77`]) {
      expect(history.read('a', strange)).toMatchObject({ gap: true, last });
      expect(values(history.read('a', strange))).toEqual(['1']);
    }
    expect(history.read('none', last)).toMatchObject({ gap: true, last: '0' });
  });

  it('gives it in parts', () => {
    const { history, add } = kept({});
    for (let i = 0; i < 600; i++) add(String(i));
    const found: unknown[] = [];
    for (let after = '0', more = true; more;) {
      const page = history.read('a', after);
      expect(page.gap).toBe(false);
      found.push(...values(page));
      ({ last: after, more } = page);
    }
    expect(found).toEqual(Array.from({ length: 600 }, (_, i) => String(i)));
  });

  it('keeps 10,000 topics', () => {
    const { history, add } = kept({});
    const first = add('1', 'topic 0');
    for (let i = 1; i <= 10_000; i++) add('1', `topic ${i}`);
    expect(history.read('topic 0', first)).toMatchObject({ gap: true });
    expect(history.read('topic 1', '0').messages).toHaveLength(1);
  });
});
