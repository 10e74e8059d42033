import type { Connection } from '../connection/Connection.ts';
import type { Engine } from '../connection/Engine.ts';
import { hold } from '../connection/hold.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import { engineOf } from '../connection/EngineConnection.ts';

/** The connections that were handed on and that nobody answers for yet. */
export class Unowned {
  private readonly engines = new Set<Engine>();

  /**
   * Hands a connection on. Nothing is delivered inside `emit`: two subscriptions in a row both get everything.
   */
  hand<C extends Connection<unknown, never>>(connection: C, emit: (connection: C) => void): void {
    const engine = engineOf(connection);
    // Before it is emitted: `leave` may be called inside.
    this.engines.add(engine);
    const bracket = hold(engine);
    emit(connection);
    bracket.unsubscribe();
    if (engine.owner !== undefined) this.engines.delete(engine);
    else engine.whenEnded(this.left);
  }

  /** Closes them. */
  leave(): void {
    for (const engine of [...this.engines]) if (engine.owner === undefined) engine.leave();
  }

  /** One function for all of them. */
  private readonly left = (_close: CloseInfo, engine: Engine): void => {
    this.engines.delete(engine);
  };
}
