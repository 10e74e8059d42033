import { setImmediate as turn } from 'node:timers/promises';
import { afterEach } from '@jest/globals';
import type { Observable } from 'rxjs';
import { type Loopback, loopback } from '../../src/testing/loopback.ts';
import type { LoopbackConfig } from '../../src/testing/LoopbackConfig.ts';

const started: Loopback<unknown>[] = [];

/** For the specs of a file: a loopback that ends with the spec. */
export function startingLoopbacks(): <T>(server: Observable<T>, config?: LoopbackConfig) => Loopback<T> {
  afterEach(() => Promise.all(started.splice(0).map((net) => net[Symbol.asyncDispose]())));
  return (server, config) => {
    const net = loopback(server, config);
    started.push(net);
    return net;
  };
}

/** Enough for all that needs no time to happen. */
export async function turns(count = 50): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}
