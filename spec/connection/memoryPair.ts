import { Buffer } from 'node:buffer';
import { setImmediate as turn } from 'node:timers/promises';
import type { VirtualTimeScheduler } from 'rxjs';
import type { Data, Sendable } from '../../src/core/Data.ts';
import { Fragment } from '../../src/core/Fragment.ts';
import { payloadOf } from '../../src/core/Outbound.ts';
import { Ping } from '../../src/core/Ping.ts';
import type { ConnectionConfig } from '../../src/connection/ConnectionConfig.ts';
import { pass } from '../core/passing.ts';
import { Inbox } from './contract/Inbox.ts';
import { type ContractPeer, connectionOver, type Pair, type SeenClose } from './contract/Pair.ts';
import { MemoryTransport, type MemoryTransportConfig } from '../../src/testing/MemoryTransport.ts';
import { CloseFrame, PongFrame } from '../../src/testing/MemoryPeer.ts';

/** So many turns of real time nothing happens before virtual time goes on: for promises and streams. */
const PATIENCE = 20;

/** A pair over memory. Time passes, one frame after the other, while something is waited for. */
export function memoryPair<In = Data, Out = Sendable>(
  scheduler: VirtualTimeScheduler,
  transportConfig: MemoryTransportConfig,
  config?: ConnectionConfig<In, Out>,
): Promise<Pair<In, Out>> {
  const transport = new MemoryTransport(scheduler, transportConfig);
  const { connection, errors } = connectionOver<In, Out>(transport, config);

  const runDue = async (): Promise<void> => {
    scheduler.maxFrames = scheduler.frame;
    scheduler.flush();
    await turn();
  };
  const arrived = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) await runDue();
  };
  const wait = async <T>(promise: Promise<T>): Promise<T> => {
    let waiting = true;
    const done = (): void => {
      waiting = false;
    };
    promise.then(done, done);
    for (let idle = 0; waiting; idle++) {
      await runDue();
      if (!waiting || idle < PATIENCE) continue;
      const next = scheduler.actions[0];
      if (next === undefined) throw new Error('what is waited for does not happen');
      scheduler.frame = next.delay;
      idle = 0;
    }
    return promise;
  };
  const passing = async (ms: number): Promise<void> => {
    pass(scheduler, ms);
    await arrived();
  };
  const dispose = async (): Promise<void> => {
    connection.terminate();
    await arrived();
  };
  return Promise.resolve({
    connection,
    peer: play(transport),
    errors,
    wait,
    pass: passing,
    arrived,
    dispose,
  });
}

function play({ peer }: MemoryTransport): ContractPeer {
  const inbox = new Inbox<Data>();
  const pongs = new Inbox<string>();
  let parts: Data[] | undefined;
  let close: (seen: SeenClose) => void = () => {};
  const closed = new Promise<SeenClose>((resolve) => (close = resolve));

  const takeMessage = (data: Data, first: boolean, last: boolean): void => {
    if (first !== (parts === undefined)) inbox.fail(new Error('frames of two messages are mixed'));
    parts = [...(parts ?? []), data];
    if (!last) return;
    inbox.push(joined(parts));
    parts = undefined;
  };
  peer.received.subscribe({
    next: (arrival) => {
      if (arrival instanceof CloseFrame) close({ code: arrival.code, reason: arrival.reason });
      else if (arrival instanceof PongFrame) pongs.push(Buffer.from(arrival.data).toString());
      else if (arrival instanceof Fragment) takeMessage(arrival.data, arrival.first, arrival.last);
      else if (!(arrival instanceof Ping)) takeMessage(payloadOf(arrival), true, true);
    },
    complete: () => {
      close({ code: 1006, reason: '' });
      for (const box of [inbox, pongs]) box.fail(new Error('the connection has ended'));
    },
  });
  return {
    send: (...messages) => peer.send(...messages),
    next: () => inbox.next(),
    ping: (data) => {
      peer.ping(Buffer.from(data));
      return pongs.next();
    },
    close: (code = 1005, reason) => peer.close(code, reason),
    cut: () => peer.cut(),
    closed,
    stop: () => peer.stop(),
    start: () => peer.start(),
  };
}

/** As the wire does: text is bytes too, and a half of a character is none. */
function joined(parts: readonly Data[]): Data {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  return typeof parts[0] === 'string' ? bytes.toString() : bytes;
}
