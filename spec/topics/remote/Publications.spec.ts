import { describe, expect, it } from '@jest/globals';
import type { BusDriver } from '../../../src/topics/remote/BusDriver.ts';
import { notPublished, Publications } from '../../../src/topics/remote/Publications.ts';

const ALONE = 0;

/** A driver that publishes, and answers when the spec says so. */
function publishing(maxBatchBytes: number) {
  const sent: string[] = [];
  const answers: ((refusal?: unknown) => void)[] = [];
  const driver: Pick<BusDriver, 'publish' | 'maxBatchBytes'> = {
    maxBatchBytes,
    publish: (topic, messages, answered) => {
      sent.push(`${topic}: ${messages.map(({ data }) => data).join()}`);
      answers.push(answered);
    },
  };
  return { sent, answers, driver };
}
const quiet = (): void => undefined;

describe('Publications', () => {
  it('wait for the subscriptions before them, in order', () => {
    const publications = new Publications(10_000);
    const { sent, answers, driver } = publishing(ALONE);
    const never = (error: unknown): void => void sent.push(String(error));
    publications.add('a', 'x', 1, 1, never);
    publications.add('b', 'x', 1, 0, never);
    publications.send(0, driver, quiet);
    expect(sent).toEqual([]);
    publications.renew(2);
    publications.send(1, driver, quiet);
    expect(sent).toEqual([]);
    publications.send(2, driver, quiet);
    expect(sent).toEqual(['a: x', 'b: x']);
    answers[1]!();
    expect(publications.isEmpty).toBe(false);
    answers[0]!();
    expect(publications.isEmpty).toBe(true);
  });

  it('go together where they follow each other on one topic, behind the same subscriptions, and fit', () => {
    const publications = new Publications(1e6);
    const { sent, driver } = publishing(500);
    const add = (topic: string, text: string, barrier = 0): void =>
      void publications.add(topic, text, text.length, barrier, (error) => sent.push(String(error)));
    add('a', '1');
    add('a', '2');
    add('b', '3');
    add('a', '4');
    add('a', '5'.repeat(400));
    add('a', '6');
    add('a', '7', 1);
    publications.send(0, driver, quiet);
    expect(sent).toEqual(['a: 1,2', 'b: 3', 'a: 4', `a: ${'5'.repeat(400)}`, 'a: 6']);
    publications.send(1, driver, quiet);
    expect(sent.slice(5)).toEqual(['a: 7']);
  });

  it('tell once that they failed, also by a throw', () => {
    const publications = new Publications(10_000);
    const failed: unknown[] = [];
    publications.add('a', 'x', 1, 0, (error) => failed.push(error));
    publications.add('b', 'x', 1, 0, (error) => failed.push(error));
    const { answers, driver } = publishing(ALONE);
    const { publish } = driver;
    driver.publish = (topic, ...rest) => {
      if (topic === 'a') throw new Error('too large');
      publish(topic, ...rest);
    };
    publications.send(0, driver, quiet);
    publications.fail('lost');
    answers[0]!(new Error('late'));
    expect(failed).toEqual([notPublished('a', new Error('too large')), notPublished('b', 'lost')]);
    expect(publications.isEmpty).toBe(true);
  });

  it('have failed where the bus is lost, though no answer comes ever', () => {
    const publications = new Publications(10_000);
    const failed: unknown[] = [];
    publications.add('a', 'x', 1, 0, (error) => failed.push(error));
    publications.send(0, publishing(ALONE).driver, quiet);
    publications.fail('lost');
    expect(failed).toEqual([notPublished('a', 'lost')]);
    expect(publications.isEmpty).toBe(true);
  });

  it('tell each that failed, where they went together', () => {
    const publications = new Publications(10_000);
    const failed: unknown[] = [];
    for (const text of ['x', 'y'])
      publications.add('a', text, 1, 0, (error, topic) => failed.push([topic, error]));
    const { answers, driver } = publishing(1_000);
    let settled = 0;
    publications.send(0, driver, () => settled++);
    answers[0]!(new Error('refused'));
    const told = ['a', notPublished('a', new Error('refused'))];
    expect(failed).toEqual([told, told]);
    expect(settled).toBe(1);
    expect(publications.isEmpty).toBe(true);
  });
});
