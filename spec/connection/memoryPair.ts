import { Buffer } from 'node:buffer';
import { setImmediate as turn } from 'node:timers/promises';
import type { VirtualTimeScheduler } from 'rxjs';
import type { Data, Sendable } from '../../src/core/Data.ts';
import { Fragment } from '../../src/core/Fragment.ts';
import { payloadOf } from '../../src/core/Outbound.ts';
import { Ping } from '../../src/core/Ping.ts';
import type { ConnectionConfig } from '../../src/connection/ConnectionConfig.ts';
import { type ContractPeer, connectionOver, type Pair, type SeenClose } from './contract/Pair.ts';
import { CloseFrame, MemoryTransport, type MemoryTransportConfig, PongFrame } from './MemoryTransport.ts';
import { Inbox } from './contract/Inbox.ts';

/** A pair over memory. Time passes, one frame after the other, while something is waited for. */
export function memoryPair<In = Data, Out = Sendable>(
  scheduler: VirtualTimeScheduler,
  transportConfig: MemoryTransportConfig,
  config?: ConnectionConfig<In, Out>,
): Promise<Pair<In, Out>> {
  const transport = new MemoryTransport(scheduler, transportConfig);
  const { connection, errors } = connectionOver<In, Out>(transport, config);
  const { peer, step } = play(transport, scheduler);

  const arrived = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) {
      step(scheduler.frame);
      await turn();
    }
  };
  const wait = async <T>(promise: Promise<T>): Promise<T> => {
    let waiting = true;
    const done = (): void => {
      waiting = false;
    };
    promise.then(done, done);
    await turn();
    while (waiting) {
      const next = scheduler.actions[0];
      if (next === undefined) throw new Error('what is waited for does not happen');
      step(next.delay);
      await turn();
    }
    return promise;
  };
  const dispose = async (): Promise<void> => {
    connection.terminate();
    await arrived();
  };
  return Promise.resolve({ connection, peer, errors, wait, arrived, dispose });
}
