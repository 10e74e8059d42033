import type { ObservableInput, Unsubscribable } from 'rxjs';
import { Alarm } from '../connection/Alarm.ts';
import type { Connection } from '../connection/Connection.ts';
import type { Engine } from '../connection/Engine.ts';
import { type EngineConnection, engineConnectionOf } from '../connection/EngineConnection.ts';
import { feedTo } from '../connection/feedTo.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import type { Prepared } from '../core/Prepared.ts';
import { release } from '../core/sheltered.ts';
import type { Hold } from '../core/Valve.ts';
import type { Ended } from './Ended.ts';

/** One connection and the output that answers it, to the end of both. */
export class Conversation<In, Out, Context> {
  private readonly connection: EngineConnection<In, Out, Context>;
  private readonly engine: Engine;
  private readonly ended: (ended: Ended<In, Out, Context>) => void;
  private finishAlarm: Alarm | undefined;
  private abandoned = false;
  private close: CloseInfo | undefined;
  private output: Unsubscribable | undefined;
  private outputOver = false;
  private finished = false;
  private failure: { readonly error: unknown } | undefined;
  /** The peer does not read its answers, so it is not read either. */
  private fullHold: Hold | undefined;

  constructor(connection: Connection<In, Out, Context>, ended: (ended: Ended<In, Out, Context>) => void) {
    this.connection = engineConnectionOf(connection);
    this.ended = ended;
    this.engine = this.connection.engine;
  }

  start(project: (connection: Connection<In, Out, Context>) => ObservableInput<Out | Prepared<Out>>): void {
    const { connection, engine } = this;
    engine.isOwned = true;
    engine.whenEnded((close) => this.onClosed(close));
    engine.outgoing.room.changed = (isWritable) => this.balance(isWritable);
    if (this.outputOver) return;
    const bracket = engine.incoming.holds.hold();
    try {
      const output = feedTo(engine, project(connection), {
        next: (message) => this.send(message),
        error: (error) => this.fail(error),
        complete: () => this.complete(),
      });
      if (this.outputOver) this.release(output);
      else this.output = output;
    } catch (error) {
      if (this.outputOver) engine.report(error);
      else this.fail(error);
    }
    bracket.unsubscribe();
    // What was received may still be held: the time to finish begins when the output has seen all of it.
    engine.incoming.whenDone(() => {
      if (!this.outputOver) this.startFinish();
    });
  }

  /** Closes as an owner that leaves; how it ended is still told. */
  leave(): void {
    this.engine.leave();
  }

  /** Leaves, and tells nobody. */
  abandon(): void {
    this.abandoned = true;
    this.stop();
    this.engine.leave();
  }

  private onClosed(close: CloseInfo): void {
    this.close = close;
    // Lost: before `messages` completes, so that half of something is not taken for the whole.
    if (!close.wasClean) this.stop();
    this.settle();
  }

  private send(message: Out | Prepared<Out>): void {
    if (this.outputOver) return;
    try {
      this.connection.sendIn(message);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Holds the reading while the sending is full; what was received before an end is not held for it. */
  private balance(isWritable: boolean): void {
    if (isWritable || this.outputOver || this.engine.state !== 'open') {
      this.fullHold?.unsubscribe();
      this.fullHold = undefined;
    } else this.fullHold ??= this.engine.incoming.holds.hold();
  }

  private fail(error: unknown): void {
    if (this.outputOver) return;
    this.failure = { error };
    this.stop();
    this.engine.fail(error);
    this.settle();
  }

  private complete(): void {
    if (this.outputOver) return;
    this.finished = true;
    this.stop();
    if (this.engine.isDraining) this.engine.leave();
    else this.engine.shut(1000, '');
    this.settle();
  }

  private startFinish(): void {
    const { settings, transport } = this.engine;
    this.finishAlarm = new Alarm(transport.clock, settings.finishTimeoutMs, () => this.cut());
    this.finishAlarm.set();
  }

  /** The output had its time. */
  private cut(): void {
    this.stop();
    this.engine.leave();
    this.settle();
  }

  private stop(): void {
    this.outputOver = true;
    this.finishAlarm?.clear();
    this.release(this.output);
    this.balance(true);
  }

  /** A teardown of the user may throw, and the end goes on. */
  private release(output: Unsubscribable | undefined): void {
    release(output, (error) => this.engine.report(error));
  }

  private settle(): void {
    const { connection, close, finished } = this;
    if (close === undefined || !this.outputOver || this.abandoned) return;
    this.close = undefined;
    this.ended({ connection, close: this.failure ? { ...close, ...this.failure } : close, finished });
  }
}
