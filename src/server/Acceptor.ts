import { map, Observable, type ObservableInput } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import type { EngineConnection } from '../connection/EngineConnection.ts';
import { report } from '../core/ErrorReport.ts';
import { scheduledClock } from '../core/scheduledClock.ts';
import type { Transport } from '../core/Transport.ts';
import { sheltered } from '../core/sheltered.ts';
import { type AcceptWs, acceptWs } from '../transports/ws/acceptWs.ts';
import { nodeClock } from '../transports/ws/nodeClock.ts';
import type { AcceptConfig } from './AcceptConfig.ts';
import { type Answer, answerOf } from './answerOf.ts';
import type { Decision } from './Decision.ts';
import { decisionOf } from './decisionOf.ts';
import { Opener } from './Opener.ts';
import { PendingUpgrade } from './PendingUpgrade.ts';
import { isRefusal } from './reject.ts';
import { unavailable } from './refuse.ts';
import type { Unowned } from './Unowned.ts';
import type { Upgrade } from './Upgrade.ts';

/** Makes connections of upgrades, one decision for each. */
export class Acceptor<In, Out, Context> {
  private readonly decide: (upgrade: Upgrade) => Decision | ObservableInput<Decision>;
  private readonly opener: Opener<In, Out>;
  private readonly handshake: AcceptWs;

  constructor(
    decide: (upgrade: Upgrade) => Decision | ObservableInput<Decision>,
    config: AcceptConfig<In, Out>,
  ) {
    this.decide = decide;
    this.opener = new Opener(config);
    this.handshake = acceptWs({
      maxMessageBytes: this.opener.settings.maxMessageBytes,
      perMessageDeflate: config.perMessageDeflate ?? false,
      maxFragments: config.maxFragments,
      maxPingsPerSecond: config.maxPingsPerSecond,
      closesOnPings: config.excess === 'close',
      keepAlive: config.keepAlive,
      // One for all the connections.
      clock: scheduledClock(nodeClock, config.scheduler),
    });
  }

  /** Emits the connection, if the upgrade becomes one, and completes when it is decided. */
  connection(upgrade: Upgrade, unowned: Unowned): Observable<Connection<In, Out, Context>> {
    return new Observable((subscriber) => {
      const pending = this.take(upgrade, () => subscriber.complete());
      if (pending === undefined) {
        subscriber.complete();
        return undefined;
      }
      const failed = (error: unknown): void => report(this.opener.onError, error, upgrade);
      const decision = sheltered(decisionOf(this.decide, upgrade), failed)
        .pipe(
          map((decided) =>
            isRefusal(decided) ? decided : { ...answerOf(decided, pending), context: decided.context },
          ),
        )
        .subscribe({
          next: (answer) => {
            // The decision itself may have ended the subscription, which then refuses.
            if (subscriber.closed) return;
            if (isRefusal(answer)) pending.refuse(answer);
            else {
              const connection = this.open(pending, answer);
              if (connection) unowned.hand(connection, () => subscriber.next(connection));
              subscriber.complete();
            }
          },
          error: (error: unknown) => {
            failed(error);
            pending.refuse({ status: 500, reason: 'failed' });
          },
        });
      return () => {
        decision.unsubscribe();
        pending.refuse(unavailable('draining'));
      };
    });
  }

  private take(upgrade: Upgrade, cancel: () => void): PendingUpgrade | undefined {
    try {
      return PendingUpgrade.take(upgrade, cancel);
    } catch (error) {
      report(this.opener.onError, error, upgrade);
      return undefined;
    }
  }

  private open(
    pending: PendingUpgrade,
    { context, ...answer }: Answer & { context: unknown },
  ): EngineConnection<In, Out, Context> | undefined {
    let transport: Transport | undefined;
    try {
      transport = pending.accept(this.handshake, answer);
    } catch (error) {
      // `ws` throws where someone else has made a WebSocket of the socket meanwhile: it is theirs now.
      report(this.opener.onError, error, pending.arrival.handshake);
    }
    if (transport === undefined) return undefined;
    return this.opener.open(transport, pending.arrival.handshake, context as Context);
  }
}
