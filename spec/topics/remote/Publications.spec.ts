import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { notPublished, Publications } from '../../../src/topics/remote/Publications.ts';

const ALONE = 0;

describe('Publications', () => {
  it('wait for the subscriptions before them, in order', async () => {
    const publications = new Publications(10_000);
    const sent: string[] = [];
    const publish = (topic: string): Promise<unknown> => (sent.push(topic), Promise.resolve());
    const send = (standing: number): void =>
      publications.send(standing, { publish, maxBatchBytes: ALONE }, () => undefined);
    const never = (error: unknown): void => void sent.push(String(error));
    publications.add('a', 'x', 1, 1, never);
    publications.add('b', 'x', 1, 0, never);
    send(0);
    expect(sent).toEqual([]);
    publications.renew(2);
    send(1);
    expect(sent).toEqual([]);
    send(2);
    expect(sent).toEqual(['a', 'b']);
    expect(publications.isEmpty).toBe(false);
    await turn();
    expect(publications.isEmpty).toBe(true);
  });

  it('go together where they follow each other on one topic, behind the same subscriptions, and fit', () => {
    const publications = new Publications(1e6);
    const sent: string[] = [];
    const publish = (topic: string, payload: string | Uint8Array): Promise<unknown> => {
      sent.push(`${topic} ${String(payload).slice(5).replaceAll('\n', ' ')}`);
      return Promise.resolve();
    };
    const add = (topic: string, text: string, barrier = 0): void =>
      void publications.add(topic, text, text.length, barrier, (error) => sent.push(String(error)));
    const send = (standing: number): void =>
      publications.send(standing, { publish, maxBatchBytes: 500 }, () => undefined);
    add('a', '1');
    add('a', '2');
    add('b', '3');
    add('a', '4');
    add('a', '5'.repeat(400));
    add('a', '6');
    add('a', '7', 1);
    send(0);
    expect(sent).toEqual(['a m t1 1t1 2', 'b t 3', 'a t 4', `a t ${'5'.repeat(400)}`, 'a t 6']);
    send(1);
    expect(sent.slice(5)).toEqual(['a t 7']);
  });

  it('tell once that they failed, also by a throw', async () => {
    const publications = new Publications(10_000);
    const failed: unknown[] = [];
    publications.add('a', 'x', 1, 0, (error) => failed.push(error));
    publications.add('b', 'x', 1, 0, (error) => failed.push(error));
    const publish = (topic: string): Promise<unknown> => {
      if (topic === 'a') throw new Error('too large');
      return Promise.reject(new Error('late'));
    };
    publications.send(0, { publish, maxBatchBytes: ALONE }, () => undefined);
    publications.fail('lost');
    await turn();
    expect(failed).toEqual([notPublished('a', new Error('too large')), notPublished('b', 'lost')]);
    expect(publications.isEmpty).toBe(true);
  });

  it('have failed where the bus is lost, though no answer comes ever', () => {
    const publications = new Publications(10_000);
    const failed: unknown[] = [];
    publications.add('a', 'x', 1, 0, (error) => failed.push(error));
    const publish = (): Promise<unknown> => new Promise(() => undefined);
    publications.send(0, { publish, maxBatchBytes: ALONE }, () => undefined);
    publications.fail('lost');
    expect(failed).toEqual([notPublished('a', 'lost')]);
    expect(publications.isEmpty).toBe(true);
  });

  it('tell each that failed, where they went together', async () => {
    const publications = new Publications(10_000);
    const failed: unknown[] = [];
    for (const text of ['x', 'y'])
      publications.add('a', text, 1, 0, (error, topic) => failed.push([topic, error]));
    const publish = (): Promise<unknown> => Promise.reject(new Error('refused'));
    let settled = 0;
    publications.send(0, { publish, maxBatchBytes: 1_000 }, () => settled++);
    await turn();
    const told = ['a', notPublished('a', new Error('refused'))];
    expect(failed).toEqual([told, told]);
    expect(settled).toBe(1);
    expect(publications.isEmpty).toBe(true);
  });
});
