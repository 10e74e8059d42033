import { map, type Observable, type Subscription } from 'rxjs';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { expect } from '@jest/globals';
import type { Data, Sendable } from '../../src/core/Data.ts';
import { Fragment } from '../../src/core/Fragment.ts';
import { payloadOf } from '../../src/core/Outbound.ts';
import { Ping } from '../../src/core/Ping.ts';
import type { Valve } from '../../src/core/Valve.ts';
import type { ConnectionConfig } from '../../src/connection/ConnectionConfig.ts';
import type { EngineConnection } from '../../src/connection/EngineConnection.ts';
import { connectionOver } from './contract/Pair.ts';
import { MemoryTransport, type MemoryTransportConfig } from '../../src/testing/MemoryTransport.ts';
import { type Arrival, CloseFrame, type MemoryPeer, PongFrame } from '../../src/testing/MemoryPeer.ts';

export interface Opened<In, Out> {
  readonly connection: EngineConnection<In, Out, undefined>;
  readonly transport: MemoryTransport;
  readonly peer: MemoryPeer;
  readonly errors: readonly unknown[];
}

export interface Marbles extends RunHelpers {
  readonly scheduler: TestScheduler;
  open<In = Data, Out = Sendable>(
    config?: ConnectionConfig<In, Out>,
    transport?: MemoryTransportConfig,
  ): Opened<In, Out>;
  /** The peer sends a message at each letter (itself, or what `messages` has for it), closes with 1000 at `|`, is cut at `#`. */
  says(peer: MemoryPeer, marbles: string, messages?: Readonly<Record<string, Data>>): void;
  /** Does at each letter what `actions` has for it. */
  does(marbles: string, actions: Readonly<Record<string, () => void>>): void;
  /** Holds from `^` to `!`. */
  holds(valve: Valve, marbles: string): void;
  /** What reaches the peer. */
  sent(peer: MemoryPeer): Observable<string>;
}

/** Runs a picture, in virtual time of one millisecond a frame; what `body` returns can be looked at afterwards. */
export function run<T>(body: (marbles: Marbles) => T): T {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  return scheduler.run((helpers) => {
    const does: Marbles['does'] = (marbles, actions) => {
      helpers.hot(marbles, { ...actions }).subscribe((action) => action());
    };
    const open = <In, Out>(
      config?: ConnectionConfig<In, Out>,
      transportConfig?: MemoryTransportConfig,
    ): Opened<In, Out> => {
      const transport = new MemoryTransport(scheduler, transportConfig);
      return { ...connectionOver<In, Out>(transport, config), transport, peer: transport.peer };
    };
    const says: Marbles['says'] = (peer, marbles, messages) => {
      helpers.hot(marbles, messages).subscribe({
        next: (data) => peer.send(data),
        error: () => peer.cut(),
        complete: () => peer.close(1000),
      });
    };
    const holds: Marbles['holds'] = (valve, marbles) => {
      let hold: Subscription | { unsubscribe(): void };
      does(marbles.replace('^', 'a').replace('!', 'b'), {
        a: () => (hold = valve.hold()),
        b: () => hold.unsubscribe(),
      });
    };
    return body({
      ...helpers,
      scheduler,
      open,
      says,
      does,
      holds,
      sent: (peer) => peer.received.pipe(map(shown)),
    });
  });
}

/** One word for what arrives: `a` text or bytes, `+a` a part (`+a.` the last), `?a` a ping, `!a` a pong, `#1000` a close. */
export function shown(arrival: Arrival): string {
  if (arrival instanceof CloseFrame) return `#${arrival.code}`;
  const data = arrival instanceof PongFrame ? arrival.data : payloadOf(arrival);
  const text = typeof data === 'string' ? data : String.fromCharCode(...data);
  if (arrival instanceof PongFrame) return `!${text}`;
  if (arrival instanceof Ping) return `?${text}`;
  return arrival instanceof Fragment ? `+${text}${arrival.last ? '.' : ''}` : text;
}
