import { filter, Observable, type ObservableInput, Subscription, take, type Unsubscribable } from 'rxjs';
import type { Data, Sendable } from '../core/Data.ts';
import { Fragment } from '../core/Fragment.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import { release } from '../core/sheltered.ts';
import { toData } from '../core/toData.ts';
import type { Engine } from './Engine.ts';
import { feed } from './feed.ts';
import { breakTurn, endTurn, sendPart, takeTurn } from './turns.ts';

/** One message, sent in the parts that `parts` gives; see `Connection.sendFragments`. */
export function fragments(parts: ObservableInput<Sendable>, engine: Engine): Observable<never> {
  const { outgoing, transport } = engine;
  return new Observable<never>((subscriber) => {
    let source: Unsubscribable | undefined;
    const closed = new Subscription();
    let state: 'waiting' | 'sending' | 'over' = 'waiting';
    let kind: string | undefined;

    /** Ends our turn, and closes the connection where half a message has been sent. */
    const stop = (error?: unknown): void => {
      const hadTurn = state === 'sending';
      state = 'over';
      closed.unsubscribe();
      release(source, (error) => engine.report(error));
      if (!hadTurn) return;
      if (error === undefined || kind === undefined) endTurn(outgoing);
      else {
        // Still our turn: whoever hears of it and sends does so behind us.
        if (engine.state === 'open') engine.fail(error);
        breakTurn(outgoing);
      }
    };
    const fail = (error: unknown): void => {
      if (state === 'over') return;
      stop(error);
      subscriber.error(error);
    };
    /** False: the connection takes nothing more, and is about to say how it ended. */
    const send = (data: Data, last: boolean): boolean => {
      if (typeof data !== (kind ?? typeof data)) {
        throw new InvalidArgumentError('the parts of one message are all text or all bytes');
      }
      const first = kind === undefined;
      kind = typeof data;
      return sendPart(outgoing, new Fragment(data, first, last));
    };
    const begin = (): void => {
      if (state === 'over') {
        endTurn(outgoing);
        return;
      }
      state = 'sending';
      try {
        source = feed(parts, {
          clock: transport.clock,
          isWritable: () => outgoing.hasRoom,
          whenWritable: (callback) =>
            outgoing.hasRoomStates.pipe(filter(Boolean), take(1)).subscribe(callback),
          windows: () => outgoing.window.writes,
          next: (part) => {
            try {
              if (state === 'sending') send(toData(part), false);
            } catch (error) {
              fail(error);
            }
          },
          error: fail,
          complete: () => {
            if (state !== 'sending') return;
            // The last frame is empty: no part waits to see whether another one follows.
            if (!send(kind === 'object' ? new Uint8Array() : '', true)) return;
            stop();
            subscriber.complete();
          },
        });
      } catch (error) {
        fail(error);
      }
      if (isOver(state)) release(source, (error) => engine.report(error));
    };

    closed.add(engine.closed.subscribe(() => fail(engine.closedError())));
    if (!outgoing.isOpen) fail(engine.closedError());
    else takeTurn(outgoing, begin);
    return () => {
      if (state !== 'over') stop(new Error('a message in parts was unsubscribed before its end'));
    };
  });
}

/** Told apart from a comparison in place, whose narrowing does not see what callbacks change. */
const isOver = (state: string): boolean => state === 'over';
