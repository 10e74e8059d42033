import type { Engine } from '../connection/Engine.ts';
import { EngineConnection } from '../connection/EngineConnection.ts';
import type { Opened } from '../connection/Opened.ts';
import type { Codec } from '../core/Codec.ts';
import type { Data } from '../core/Data.ts';
import { toData } from '../core/toData.ts';
import type { Hold } from '../core/Valve.ts';
import { isSame } from './isSame.ts';
import { MemoryTransport } from './MemoryTransport.ts';
import type { Diagram } from './parseDiagram.ts';
import { Recording } from './Recording.ts';

/** What a marble connection is made of. */
export interface MarbleConnectionParts<Context> extends Opened<Context> {
  readonly transport: MemoryTransport;
  readonly diagram: Diagram;
  /** What the test gave as the codec. */
  readonly codec: Codec<unknown, unknown> | undefined;
  /** Lets the peer do what its diagrams say, from now on. */
  play(transport: MemoryTransport): void;
  /** Where this was called. */
  origin(): string;
}

/**
 * A connection whose other end is a diagram. The engine is that of production. The diagram starts when the connection is
 * handed over: when any member of it is first asked for.
 */
export class MarbleConnection<In, Out, Context> extends EngineConnection<In, Out, Context> {
  readonly transport: MemoryTransport;
  readonly diagram: Diagram;
  readonly recording: Recording;
  /** Where the holds were taken that are not released yet. */
  readonly openHolds: Map<Hold, string> = new Map();
  private readonly parts: MarbleConnectionParts<Context>;
  /** In which frame it was handed over, if it was. */
  begunAt: number | undefined;

  constructor(parts: MarbleConnectionParts<Context>) {
    super(parts);
    this.transport = parts.transport;
    this.diagram = parts.diagram;
    this.parts = parts;
    const { peer, clock } = parts.transport;
    this.recording = new Recording(peer, () => clock.now());
    this.recording.attach(super.engine);
  }

  /** As in production; but to ask for it is to take the connection. */
  override get engine(): Engine {
    if (this.begunAt === undefined) {
      this.begunAt = this.transport.clock.now();
      this.recording.begin(!super.engine.isHeld);
      this.parts.play(this.transport);
    }
    return super.engine;
  }

  /** Whether the codec makes `wire` of `value`. */
  isWire(value: unknown, wire: Data): boolean {
    const { codec } = this.parts;
    return codec !== undefined && isSame(toData(codec.encode(value)), wire);
  }

  /** Whether it was handed over. */
  get isBegun(): boolean {
    return this.begunAt !== undefined;
  }

  /** Whether it is over, without taking it. */
  get isOver(): boolean {
    return super.engine.state === 'closed';
  }

  // These look at the engine when they are called; but to ask for them is to take the connection, too.
  override get send(): EngineConnection<In, Out, Context>['send'] {
    void this.engine;
    return super.send;
  }

  override get sendFragments(): EngineConnection<In, Out, Context>['sendFragments'] {
    void this.engine;
    return super.sendFragments;
  }

  override get ping(): EngineConnection<In, Out, Context>['ping'] {
    void this.engine;
    return super.ping;
  }

  override get close(): EngineConnection<In, Out, Context>['close'] {
    void this.engine;
    return super.close;
  }

  override get terminate(): () => void {
    void this.engine;
    return super.terminate;
  }

  override get hold(): () => Hold {
    void this.engine;
    const take = super.hold;
    // What was received is held also when the connection has ended, and `reading` has completed.
    const record = (): void => this.recording.read(!super.engine.isHeld);
    return () => {
      const taken = take();
      record();
      const unsubscribe = (): void => {
        this.openHolds.delete(hold);
        taken.unsubscribe();
        record();
      };
      const hold = { unsubscribe, [Symbol.dispose]: unsubscribe };
      this.openHolds.set(hold, this.parts.origin());
      return hold;
    };
  }
}
