import type { Connection } from '../connection/Connection.ts';
import type { Engine } from '../connection/Engine.ts';
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
    const hold = connection.hold();
    emit(connection);
    hold.unsubscribe();
    if (engine.isOwned) this.engines.delete(engine);
    else engine.whenEnded(() => this.engines.delete(engine));
  }

  /** Closes them. */
  leave(): void {
    for (const engine of [...this.engines]) if (!engine.isOwned) engine.leave();
  }
}
