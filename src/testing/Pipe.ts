import type { Clock } from '../core/Clock.ts';
import { Fifo } from '../core/Fifo.ts';

/** As much as one read of a socket gives. */
const MAX_CHUNK_BYTES = 65_536;

/** How bytes travel. */
export interface PipeTerms {
  readonly clock: Clock;
  /** How long bytes are under way. */
  readonly latencyMs: number;
  /** How many arrive in one turn, at most. */
  readonly chunkBytes: number;
  /** How many may be under way before who writes has to wait. */
  readonly bufferBytes: number;
}

interface Parcel {
  /** Undefined: the end. */
  readonly bytes: Uint8Array | undefined;
  readonly dueMs: number;
}

/** One direction of a wire: bytes under way, in order. Each chunk arrives in a turn of its own, as soon as it is wanted. */
export class Pipe {
  private readonly terms: PipeTerms;
  private readonly arrive: (chunk: Uint8Array | undefined) => boolean;
  private readonly parcels = new Fifo<Parcel>();
  /** How much of the first parcel has arrived. */
  private offset = 0;
  private bytes = 0;
  private taken: (() => void) | undefined;
  private ended = false;
  private wanted = false;
  private stalled = false;
  private abandoned = false;
  private hurried = false;
  private disarm: (() => void) | undefined;

  /** `arrive` gets each chunk, and undefined at the end; false: no more until `want` is called. */
  constructor(terms: PipeTerms, arrive: (chunk: Uint8Array | undefined) => boolean) {
    this.terms = terms;
    this.arrive = arrive;
  }

  /** Takes a copy of `bytes`, and calls `taken` when there is room for more; until then nothing else is written. */
  write(bytes: Uint8Array, taken: () => void): void {
    this.bytes += bytes.length;
    if (bytes.length > 0) this.put(Uint8Array.prototype.slice.call(bytes));
    this.taken = taken;
    this.makeRoom();
  }

  /** The end follows what was written. */
  end(): void {
    if (!this.ended) this.put(undefined);
    this.ended = true;
  }

  want(): void {
    this.wanted = true;
    this.arm();
  }

  stall(): void {
    this.stalled = true;
  }

  resume(): void {
    this.stalled = false;
    this.arm();
  }

  /** Nobody reads any more: what is under way arrives all the same, wanted or not, where it is thrown away. */
  abandon(): void {
    this.abandoned = true;
    this.arm();
  }

  /** From now on there is no latency, no stall, and nothing is cut up. */
  hurry(): void {
    this.hurried = true;
    this.clearTimer();
    this.arm();
  }

  /** Nothing more arrives. */
  clear(): void {
    this.parcels.clear();
    this.taken = undefined;
    this.clearTimer();
  }

  private put(bytes: Uint8Array | undefined): void {
    const { clock, latencyMs } = this.terms;
    this.parcels.push({ bytes, dueMs: clock.now() + latencyMs });
    this.arm();
  }

  private makeRoom(): void {
    const { taken } = this;
    if (taken === undefined || this.bytes > this.terms.bufferBytes) return;
    this.taken = undefined;
    taken();
  }

  /** Milliseconds until the next parcel arrives; undefined where it does not, as things stand. */
  private get waitMs(): number | undefined {
    const next = this.parcels.at(0);
    if (next === undefined) return undefined;
    if (!this.abandoned) {
      // The end needs no room.
      if (!this.wanted && next.bytes !== undefined) return undefined;
      if (this.stalled && !this.hurried) return undefined;
    }
    return this.hurried ? 0 : Math.max(0, next.dueMs - this.terms.clock.now());
  }

  private arm(): void {
    const { waitMs } = this;
    if (this.disarm !== undefined || waitMs === undefined) return;
    const { clock } = this.terms;
    let isArmed = true;
    let cancel = (): void => {};
    this.disarm = () => {
      isArmed = false;
      cancel();
    };
    const run = (): void => {
      if (isArmed) this.run();
    };
    if (waitMs === 0) clock.afterIo(run);
    else cancel = clock.schedule(run, waitMs);
  }

  private clearTimer(): void {
    this.disarm?.();
    this.disarm = undefined;
  }

  private run(): void {
    this.disarm = undefined;
    if (this.waitMs === 0) {
      const chunk = this.next();
      // Whoever gets it may ask for more meanwhile.
      this.wanted = false;
      const more = this.arrive(chunk);
      this.wanted ||= more;
      this.makeRoom();
    }
    this.arm();
  }

  /** Of what is due one chunk; undefined: the end is. */
  private next(): Uint8Array | undefined {
    const parts: Uint8Array[] = [];
    let room = this.hurried ? MAX_CHUNK_BYTES : Math.min(this.terms.chunkBytes, MAX_CHUNK_BYTES);
    while (room > 0 && this.waitMs === 0) {
      const { bytes } = this.parcels.at(0)!;
      if (bytes === undefined) break;
      const part = bytes.subarray(this.offset, this.offset + room);
      parts.push(part);
      room -= part.length;
      this.offset += part.length;
      if (this.offset < bytes.length) break;
      this.parcels.shift();
      this.offset = 0;
    }
    if (parts.length === 0) {
      this.parcels.shift();
      return undefined;
    }
    const chunk = Buffer.concat(parts);
    this.bytes -= chunk.length;
    return chunk;
  }
}
