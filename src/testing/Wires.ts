import type { EventEmitter } from 'node:events';
import { nodeClock } from '../transports/ws/nodeClock.ts';
import type { PipeTerms } from './Pipe.ts';
import type { Bound } from './Ports.ts';
import type { ProcessRef } from './ProcessRef.ts';
import { type End, Wire } from './Wire.ts';
import type { WireEnd } from './WireEnd.ts';

/** How long wires have to end by themselves once everything shall end. */
const GRACE_MS = 1_000;
/** Where the ports of clients begin; no two wires have the same. */
const FIRST_CLIENT_PORT = 32_768;

/** The wires of a loopback, and the faults that they have in common. */
export class Wires {
  private readonly terms: PipeTerms;
  private readonly ref: ProcessRef;
  private readonly wires = new Set<Wire>();
  private readonly stalled = new Set<End>();
  private port = FIRST_CLIENT_PORT;
  private ended: (() => void) | undefined;
  private ending: Promise<void> | undefined;

  constructor(terms: PipeTerms, ref: ProcessRef) {
    this.terms = terms;
    this.ref = ref;
  }

  /** A new wire, whose end the server gets in a later turn; the result is the client's. */
  open(bound: Bound): WireEnd {
    const letGo = this.ref.hold();
    const config = {
      ...this.terms,
      serverPort: bound.port,
      clientPort: this.port++,
      encrypted: bound.isSecure,
      within: <T>(task: () => T): T => bound.resource.runInAsyncScope(task),
    };
    const wire = new Wire(config, () => {
      this.wires.delete(wire);
      letGo();
      if (this.wires.size === 0) this.ended?.();
    });
    this.wires.add(wire);
    for (const end of this.stalled) wire.stall(end);
    const { server } = wire;
    server.on('error', ignore);
    this.terms.clock.afterIo(() => {
      // Nobody listens any more.
      if (!bound.isReady()) wire.reset();
      if (server.destroyed) return;
      server.off('error', ignore);
      const arrived = bound.isSecure ? 'secureConnection' : 'connection';
      server.within(() => (bound.server as EventEmitter).emit(arrived, server));
    });
    return wire.client;
  }

  stall(end: End): void {
    this.stalled.add(end);
    for (const wire of this.wires) wire.stall(end);
  }

  resume(end: End): void {
    this.stalled.delete(end);
    for (const wire of this.wires) wire.resume(end);
  }

  reset(): void {
    for (const wire of [...this.wires]) wire.reset();
  }

  /** Resolves when no wire is left: each has a while to end by itself, and then is cut. */
  end(): Promise<void> {
    this.ending ??= this.finish();
    return this.ending;
  }

  private async finish(): Promise<void> {
    for (const wire of this.wires) wire.hurry();
    if (this.wires.size > 0) {
      // By the clock of the machine: time that is given might stand still.
      const cancel = nodeClock.schedule(() => {
        for (const wire of [...this.wires]) wire.cut();
      }, GRACE_MS);
      await new Promise<void>((resolve) => (this.ended = resolve));
      cancel();
    }
    // What was let go of in this turn is gone in the next.
    await new Promise<void>((turn) => nodeClock.afterIo(turn));
  }
}

function ignore(): void {}
