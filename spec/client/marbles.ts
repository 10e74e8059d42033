import { expect } from '@jest/globals';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import type { Dial, Dialed, DialRequest } from '../../src/transports/Dial.ts';
import { MemoryTransport } from '../../src/testing/MemoryTransport.ts';

/** A dial that a spec plays: what it was asked for, when, and the connection that it gives. */
export interface MemoryDial {
  readonly dial: Dial;
  readonly requests: readonly DialRequest[];
  readonly transport: MemoryTransport;
  /** When it was dialled, and when it was given up. */
  readonly expectDialled: (...marbles: string[]) => void;
}

export interface ClientMarbles extends RunHelpers {
  /** `d` is the moment at which it opens; `#` is an error. */
  readonly memory: (marbles: string, error?: unknown) => MemoryDial;
}

export function marbles(body: (helpers: ClientMarbles) => void): void {
  const time = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  time.run((helpers) => {
    body({
      ...helpers,
      memory: (marbles, error) => {
        const transport = new MemoryTransport(time, { side: 'client' });
        const dialed: Dialed = { transport, headers: { server: 'memory' }, remoteAddress: '192.0.2.1' };
        const source = helpers.cold(marbles, { d: dialed }, error);
        const requests: DialRequest[] = [];
        const dial: Dial = (request) => {
          requests.push(request);
          return source;
        };
        const expectDialled = (...expected: string[]): void =>
          helpers.expectSubscriptions(source.subscriptions).toBe(expected);
        return { dial, requests, transport, expectDialled };
      },
    });
  });
}
