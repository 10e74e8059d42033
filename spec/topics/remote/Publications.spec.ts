import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { notPublished, Publications } from '../../../src/topics/remote/Publications.ts';

describe('Publications', () => {
  it('wait for the subscriptions before them, in order', async () => {
    const publications = new Publications(10_000);
    const sent: string[] = [];
    const send = (standing: number): void =>
      publications.send(
        standing,
        (topic) => (sent.push(topic), Promise.resolve()),
        () => undefined,
      );
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

  it('tell once that they failed, also by a throw', async () => {
    const publications = new Publications(10_000);
    const failed: unknown[] = [];
    publications.add('a', 'x', 1, 0, (error) => failed.push(error));
    publications.add('b', 'x', 1, 0, (error) => failed.push(error));
    publications.send(
      0,
      (topic) => {
        if (topic === 'a') throw new Error('too large');
        return Promise.reject(new Error('late'));
      },
      () => undefined,
    );
    publications.fail('lost');
    await turn();
    expect(failed).toEqual([notPublished('a', new Error('too large')), notPublished('b', 'lost')]);
    expect(publications.isEmpty).toBe(true);
  });

  it('have failed where the bus is lost, though no answer comes ever', () => {
    const publications = new Publications(10_000);
    const failed: unknown[] = [];
    publications.add('a', 'x', 1, 0, (error) => failed.push(error));
    publications.send(
      0,
      () => new Promise(() => undefined),
      () => undefined,
    );
    publications.fail('lost');
    expect(failed).toEqual([notPublished('a', 'lost')]);
    expect(publications.isEmpty).toBe(true);
  });
});
