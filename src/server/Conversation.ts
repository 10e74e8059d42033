import type { ObservableInput, Observer, Unsubscribable } from 'rxjs';
import { Alarm } from '../connection/Alarm.ts';
import type { Connection } from '../connection/Connection.ts';
import type { Engine } from '../connection/Engine.ts';
import { type EngineConnection, engineConnectionOf } from '../connection/EngineConnection.ts';
import { feedTo } from '../connection/feedTo.ts';
import { hold } from '../connection/hold.ts';
import { own } from '../connection/own.ts';
import type { Owner } from '../connection/Owner.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import { ConnectionClosedError } from '../core/ConnectionClosedError.ts';
import type { Prepared } from '../core/Prepared.ts';
import { release } from '../core/sheltered.ts';
import type { Hold } from '../core/Valve.ts';
import type { Ended } from './Ended.ts';

/** Told of the end of a conversation. */
export type ConversationEnded<In, Out, Context> = (
  ended: Ended<In, Out, Context>,
  conversation: Conversation<In, Out, Context>,
) => void;

/** One connection and the output that answers it, to the end of both: it observes the output, and owns the connection. */
export class Conversation<In, Out, Context> implements Owner, Observer<Out | Prepared<Out>> {
  private readonly connection: EngineConnection<In, Out, Context>;
  private readonly ended: ConversationEnded<In, Out, Context>;
  private finishAlarm: Alarm | undefined;
  private abandoned = false;
  private end: CloseInfo | undefined;
  private output: Unsubscribable | undefined;
  private outputOver = false;
  private finished = false;
  private failure: { readonly error: unknown } | undefined;
  /** The peer does not read its answers, so it is not read either. */
  private fullHold: Hold | undefined;

  constructor(connection: Connection<In, Out, Context>, ended: ConversationEnded<In, Out, Context>) {
    this.connection = engineConnectionOf(connection);
    this.ended = ended;
  }

  private get engine(): Engine {
    return this.connection.engine;
  }

  start(project: (connection: Connection<In, Out, Context>) => ObservableInput<Out | Prepared<Out>>): void {
    const { connection, engine } = this;
    own(engine, this);
    if (this.outputOver) return;
    const bracket = hold(engine);
    try {
      const output = feedTo(engine, project(connection), this);
      if (this.outputOver) this.release(output);
      else this.output = output;
    } catch (error) {
      if (this.outputOver) engine.report(error);
      else this.error(error);
    }
    bracket.unsubscribe();
    // It may have been read before.
    engine.incoming.settle();
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

  closed(close: CloseInfo): void {
    this.end = close;
    // Lost: before `messages` completes, so that half of something is not taken for the whole.
    if (!close.wasClean) this.stop();
    this.settle();
  }

  /** What was received may have been held: the time to finish begins when the output has seen all of it. */
  allRead(): void {
    if (this.output === undefined || this.outputOver || this.finishAlarm !== undefined) return;
    const { settings, transport } = this.engine;
    this.finishAlarm = new Alarm(transport.clock, settings.finishTimeoutMs, () => this.cut());
    this.finishAlarm.set();
  }

  next(message: Out | Prepared<Out>): void {
    if (this.outputOver) return;
    try {
      this.connection.sendIn(message);
    } catch (error) {
      this.error(error);
    }
  }

  /** Holds the reading while the sending is full; what was received before an end is not held for it. */
  balance(isWritable: boolean): void {
    if (isWritable || this.outputOver || this.engine.state !== 'open') {
      this.fullHold?.unsubscribe();
      this.fullHold = undefined;
    } else this.fullHold ??= hold(this.engine);
  }

  error(error: unknown): void {
    if (this.outputOver) return;
    this.stop();
    if (!this.isLoss(error)) {
      this.failure = { error };
      this.engine.fail(error);
    }
    this.settle();
  }

  complete(): void {
    if (this.outputOver) return;
    this.finished = true;
    this.stop();
    if (this.engine.isDraining) this.engine.leave();
    else this.engine.shut(1000, '');
    this.settle();
  }

  /** What the output has of the loss of its own connection, by `sendTo` say, is no failure of the output. */
  private isLoss(error: unknown): boolean {
    const { end } = this.engine;
    return end?.wasClean === false && error instanceof ConnectionClosedError && error.close === end;
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
    const { connection, end: close, finished } = this;
    if (close === undefined || !this.outputOver || this.abandoned) return;
    this.end = undefined;
    this.ended({ connection, close: this.failure ? { ...close, ...this.failure } : close, finished }, this);
  }
}
