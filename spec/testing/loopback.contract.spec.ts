import { once } from 'node:events';
import { createServer } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { firstValueFrom, NEVER, VirtualTimeScheduler } from 'rxjs';
import { WebSocket, WebSocketServer } from 'ws';
import type { Connection } from '../../src/connection/Connection.ts';
import type { ConnectionConfig } from '../../src/connection/ConnectionConfig.ts';
import { scheduledClock } from '../../src/core/scheduledClock.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import { binders } from '../../src/server/Binder.ts';
import { listen } from '../../src/server/listen.ts';
import { loopback } from '../../src/testing/loopback.ts';
import type { LoopbackConfig } from '../../src/testing/LoopbackConfig.ts';
import { Ports } from '../../src/testing/Ports.ts';
import { ProcessRef } from '../../src/testing/ProcessRef.ts';
import { Wires } from '../../src/testing/Wires.ts';
import { nodeClock } from '../../src/transports/ws/nodeClock.ts';
import { connectionContract } from '../connection/contract.ts';
import type { Pair } from '../connection/contract/Pair.ts';
import { pass } from '../core/passing.ts';
import { wsPeer } from '../transports/ws/wsPeer.ts';

/** Our end is one of a loopback, the other one plain `ws`. */
function endsOver({ latencyMs = 0, chunkBytes = Infinity }: LoopbackConfig) {
  const wireTime = (): { scheduler: VirtualTimeScheduler; wait: Pair['wait'] } => {
    const scheduler = new VirtualTimeScheduler();
    const wait = async <T>(promise: Promise<T>): Promise<T> => {
      let waiting = latencyMs > 0;
      const done = (): void => {
        waiting = false;
      };
      promise.then(done, done);
      while (waiting) {
        await turn();
        pass(scheduler, 1);
      }
      return promise;
    };
    return { scheduler, wait };
  };

  async function server<In = Data, Out = Sendable>(
    config: ConnectionConfig<In, Out> = {},
  ): Promise<Pair<In, Out>> {
    const time = new VirtualTimeScheduler();
    const { scheduler, wait } = wireTime();
    const clock = scheduledClock(nodeClock, scheduler);
    const processRef = new ProcessRef();
    const ports = new Ports(clock, 1_000, processRef);
    const wires = new Wires({ clock, latencyMs, chunkBytes, bufferBytes: 262_144 }, processRef);
    const errors: unknown[] = [];
    let accepted!: (connection: Connection<In, Out>) => void;
    const connection = new Promise<Connection<In, Out>>((resolve) => (accepted = resolve));
    const serving = binders.run(ports, () =>
      listen<In, Out>({
        ...config,
        scheduler: time,
        onError: (error) => errors.push(error),
      }).subscribe(accepted),
    );
    const bound = await firstValueFrom(ports.reach(undefined, '/'));
    const createConnection = (() => wires.open(bound)) as never;
    const ws = new WebSocket(bound.url, { perMessageDeflate: false, createConnection });
    const peer = wsPeer(ws);
    await wait(once(ws, 'open'));
    return pair({ connection: await connection, peer, errors, time, wait, end: () => serving.unsubscribe() });
  }

  async function client<In = Data, Out = Sendable>(
    config: ConnectionConfig<In, Out> = {},
  ): Promise<Pair<In, Out>> {
    const time = new VirtualTimeScheduler();
    const { scheduler, wait } = wireTime();
    const server = createServer();
    const accepting = once(new WebSocketServer({ server }), 'connection');
    const net = loopback(NEVER, { server, latencyMs, chunkBytes, scheduler });
    const errors: unknown[] = [];
    const accepted = accepting.then(([ws]) => wsPeer(ws as WebSocket));
    const connection = await wait(
      net.dial<In, Out>({
        ...config,
        url: '/',
        scheduler: time,
        closeIsError: ({ wasClean }) => !wasClean,
        onError: (error) => errors.push(error),
      }),
    );
    return pair({ connection, peer: await accepted, errors, time, wait, end: () => net.unsubscribe() });
  }

  return { server, client };
}

function pair<In, Out>({
  connection,
  peer,
  errors,
  time,
  wait,
  end,
}: Pick<Pair<In, Out>, 'connection' | 'errors' | 'wait'> & {
  peer: ReturnType<typeof wsPeer>;
  time: VirtualTimeScheduler;
  end: () => void;
}): Pair<In, Out> {
  return {
    connection,
    peer,
    errors,
    wait,
    pass: async (ms) => {
      pass(time, ms);
      await peer.turns();
    },
    arrived: () => wait(peer.arrived()),
    dispose: async () => {
      connection.terminate();
      peer.cut();
      await peer.closed;
      end();
    },
  };
}

const capabilities = { hold: true, ping: true, fragments: true };
const plain = endsOver({});
connectionContract('the loopback, server', { capabilities, open: plain.server });
connectionContract('the loopback, client', { capabilities, open: plain.client });
const single = endsOver({ chunkBytes: 1 });
connectionContract('the loopback in single bytes, server', {
  capabilities,
  large: false,
  open: single.server,
});
const late = endsOver({ latencyMs: 20, chunkBytes: 2_039 });
connectionContract('the loopback late and in pieces, client', { capabilities, open: late.client });
