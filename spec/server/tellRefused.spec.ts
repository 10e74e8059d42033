import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from '@jest/globals';
import { serverStatistics } from '../../src/server/ServerStatistics.ts';
import { tellRefused } from '../../src/server/tellRefused.ts';

describe('tellRefused', () => {
  it('publishes it, and counts it once for each who counts', () => {
    const [one, other] = [serverStatistics(), serverStatistics()];
    const messages: unknown[] = [];
    const listener = (message: unknown): unknown => messages.push(message);
    subscribe('rxjs-ws:refused', listener);
    const refused = { reason: 'path', status: 404, handshake: undefined } as const;
    tellRefused(refused, [one, other, one]);
    unsubscribe('rxjs-ws:refused', listener);
    tellRefused(refused, []);
    expect(messages).toEqual([refused]);
    expect([one, other].map((statistics) => statistics.snapshot().refused.path)).toEqual([1, 1]);
  });
});
