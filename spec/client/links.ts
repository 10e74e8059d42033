import { afterEach, beforeEach } from '@jest/globals';
import { defer, map, type Observable } from 'rxjs';
import { lifetime } from '../../src/client/lifetime.ts';
import type { LinkConfig } from '../../src/client/LinkConfig.ts';
import { opening } from '../../src/client/opening.ts';
import { SuccessiveLink } from '../../src/client/SuccessiveLink.ts';
import type { ConnectionConfig } from '../../src/connection/ConnectionConfig.ts';
import type { LinkStatus } from '../../src/connection/LinkStatus.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import { surroundings } from '../../src/core/surroundings.ts';
import type { Dial } from '../../src/transports/Dial.ts';
import { shown } from '../connection/marbles.ts';
import type { ClientMarbles, MemoryDial } from './marbles.ts';

/** The longest waits, for the specs of a file. */
export function noChance(): void {
  const { random } = surroundings;
  beforeEach(() => {
    surroundings.random = () => 1;
  });
  afterEach(() => {
    surroundings.random = random;
  });
}

/** A link that dials one after another; past the last one it dials that again. */
export function linkOf<In = Data, Out = Sendable>(
  dials: readonly MemoryDial[],
  config: LinkConfig & ConnectionConfig<In, Out> = {},
): SuccessiveLink<In, Out> {
  let next = 0;
  const dial: Dial = (request) => dials[Math.min(next++, dials.length - 1)]!.dial(request);
  const source = defer(() => lifetime(opening<In, Out>({ url: 'ws://a.test/', ...config }, dial)));
  return new SuccessiveLink<In, Out>(source, { reconnect: { initialMs: 3 }, ...config });
}

/** What reaches the peer of a dial. */
export const sentTo = ({ transport }: MemoryDial): Observable<string> =>
  transport.peer.received.pipe(map(shown));

/** The peer sends a message at each letter, closes with 1000 at `|`, is cut at `#`. */
export function says(
  { hot }: ClientMarbles,
  { transport }: MemoryDial,
  picture: string,
  messages?: Readonly<Record<string, string>>,
): void {
  hot(picture, messages).subscribe({
    next: (data) => transport.peer.send(data),
    error: () => transport.peer.cut(),
    complete: () => transport.peer.close(1000),
  });
}

/** The states of a link by their first letters: connecting, open, waiting; closed is x. */
export const states = (status: Observable<LinkStatus>): Observable<string> =>
  status.pipe(map(({ state }) => (state === 'closed' ? 'x' : state.charAt(0))));
