import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Observable, type Subscriber } from 'rxjs';
import type { Gap } from '../../src/topics/Gap.ts';
import { Reader, type ReaderConfig } from '../../src/topics/Reader.ts';
import { TopicMessage } from '../../src/topics/TopicMessage.ts';

const message = (id: number): TopicMessage<string> => new TopicMessage('a', String(id), `${id}`, `${id}`);

function reader(config: Partial<ReaderConfig<string>>) {
  const got: string[] = [];
  const gaps: Gap[] = [];
  const errors: unknown[] = [];
  let subscriber!: Subscriber<TopicMessage<string>>;
  const subscription = new Observable<TopicMessage<string>>((given) => {
    subscriber = given;
  }).subscribe({ next: ({ value }) => got.push(value), error: (error) => errors.push(error) });
  const read = new Reader('a', subscriber, {
    since: undefined,
    read: undefined,
    gapMessage: ({ after }) => new TopicMessage('a', undefined, `gap after ${after}`, ''),
    foundGap: (gap) => gaps.push(gap),
    failed: (error) => errors.push(error),
    ...config,
  });
  return { read, got, gaps, errors, subscription };
}
const history = () =>
  Promise.resolve({ gap: false, more: false, last: '2', messages: [message(1), message(2)] });

describe('Reader', () => {
  it('gets what comes', () => {
    const { read, got } = reader({});
    read.ready();
    read.message(message(1));
    read.gap({ topic: 'a', after: '1', awayMs: 5 });
    expect(got).toEqual(['1', 'gap after 1']);
  });

  it('gets what it missed first, and nothing twice', async () => {
    const { read, got, gaps } = reader({ since: '0', read: history });
    read.message(message(1));
    read.ready();
    // It reads the history, and will find out by itself.
    read.gap({ topic: 'a', after: '1', awayMs: 5 });
    await turn();
    for (const id of [1, 2, 3, 4]) read.message(message(id));
    expect(got).toEqual(['1', '2', '3', '4']);
    expect(gaps).toEqual([]);
  });

  it('passes by what all others get late, until a gap after which ids begin anew', async () => {
    const { read, got } = reader({ since: '0', read: history });
    read.ready();
    await turn();
    read.message(message(2));
    read.ready();
    read.gap({ topic: 'a', after: '2', awayMs: 5 });
    read.message(message(1));
    expect(got).toEqual(['1', '2', 'gap after 2', '1']);
  });

  it('takes an id that is none for a gap, before all that is kept', async () => {
    const { read, got, gaps } = reader({ since: '$; DROP', read: history });
    read.ready();
    await turn();
    expect(got).toEqual(['gap after undefined', '1', '2']);
    expect(gaps).toEqual([{ topic: 'a', after: undefined, awayMs: 0 }]);
  });

  it('is told of no gap where it says nothing of them', async () => {
    const { read, got, gaps } = reader({ since: '?', read: history, gapMessage: undefined });
    expect(read.tellsGaps).toBe(false);
    read.ready();
    await turn();
    expect(got).toEqual(['1', '2']);
    expect(gaps).toHaveLength(1);
  });

  it('errors with what the user’s function for gaps throws', () => {
    const { read, errors } = reader({
      gapMessage: () => {
        throw new Error('of the user');
      },
    });
    read.gap({ topic: 'a', after: '1', awayMs: 5 });
    expect(errors).toEqual([new Error('of the user')]);
  });

  it('keeps an error from nobody else, though a teardown of its subscriber throws', () => {
    const { read, errors, subscription } = reader({});
    subscription.add(() => {
      throw new Error('teardown');
    });
    read.error('refused');
    expect(errors).toEqual(['refused', expect.objectContaining({ name: 'UnsubscriptionError' })]);
  });

  it('gets nothing more when it has stopped', async () => {
    const { read, got } = reader({ since: '0', read: history });
    read.ready();
    read.stop();
    await turn();
    expect(got).toEqual([]);
  });
});
