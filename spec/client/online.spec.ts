import { describe, expect, it } from '@jest/globals';
import { online } from '../../src/client/online.ts';
import { collect } from '../connection/contract/Pair.ts';
import { stagedPage } from './stagedPage.ts';

describe('online', () => {
  const page = stagedPage();

  it('emits at once where no platform says otherwise', () => {
    expect(collect(online())).toMatchObject({ values: [undefined], isComplete: true });
  });

  it('waits for the event where the platform says that it is offline', () => {
    page.goOffline();
    const waiting = collect(online());
    expect(waiting.values).toEqual([]);
    page.goOnline();
    expect(waiting).toMatchObject({ values: [undefined], isComplete: true });
    expect(page.listeners).toBe(0);
    expect(collect(online()).values).toEqual([undefined]);
  });

  it('lets go of the event on unsubscribe', () => {
    page.goOffline();
    const { subscription } = collect(online());
    expect(page.listeners).toBe(1);
    subscription.unsubscribe();
    expect(page.listeners).toBe(0);
  });

  it('waits for nothing where the platform has no events', () => {
    page.goOffline();
    delete (globalThis as { addEventListener?: unknown }).addEventListener;
    expect(collect(online()).values).toEqual([undefined]);
  });
});
