import { Buffer } from 'node:buffer';
import { Fragment } from '../../core/Fragment.ts';
import { type Outbound, payloadOf } from '../../core/Outbound.ts';
import type { Prepared } from '../../core/Prepared.ts';
import { utf8Length } from '../../core/utf8Length.ts';
import { BINARY, CONTINUATION, headerBytes, mask, MAX_HEADER_BYTES, TEXT, writeHeader } from './frame.ts';

/** Larger payloads are not copied into a batch. */
export const MAX_COPY_BYTES = 16_384;
/** One window, and the message that fills it. */
const SCRATCH_BYTES = 81_920;

/**
 * The frames of many messages, one behind the other in one piece of memory, so that they leave in one write. There is
 * one for the process: it is filled and written within one call, and given away where the socket keeps the bytes.
 */
class Batch {
  private scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  length = 0;

  /** Adds a frame; false where it has no room left, or is too large to be copied. */
  add(outbound: Outbound, masked: boolean): boolean {
    if (typeof outbound === 'string') return this.addText(outbound, TEXT, true, masked);
    const data = payloadOf(outbound);
    const last = !(outbound instanceof Fragment) || outbound.last;
    const opcode = opcodeOf(outbound);
    if (typeof data === 'string') return this.addText(data, opcode, last, masked);
    return this.addBytes(data, opcode, last, masked);
  }

  /** Adds a whole frame as it is. */
  addFrame(frame: Uint8Array): boolean {
    if (frame.length > SCRATCH_BYTES - this.length || frame.length > MAX_COPY_BYTES) return false;
    this.scratch.set(frame, this.length);
    this.length += frame.length;
    return true;
  }

  /** The bytes, which the next `clear` overwrites. */
  get bytes(): Buffer {
    return this.scratch.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  /** Lets go of the bytes: someone else keeps them. */
  giveAway(): void {
    this.scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
    this.length = 0;
  }

  /** Encodes first and writes the header after, so that the text is walked once. */
  private addText(text: string, opcode: number, last: boolean, masked: boolean): boolean {
    const { scratch, length: offset } = this;
    const room = SCRATCH_BYTES - offset - MAX_HEADER_BYTES;
    // A character takes at most three bytes; only where that is too many are they counted.
    if (text.length > MAX_COPY_BYTES || (text.length * 3 > room && utf8Length(text) > room)) return false;
    const guess = offset + headerBytes(text.length, masked);
    // With an encoding named, Node looks it up each time; UTF-8 is its default.
    const bytes = scratch.write(text, guess);
    const at = offset + headerBytes(bytes, masked);
    if (at !== guess) scratch.copyWithin(at, guess, guess + bytes);
    this.close(opcode, last, at, bytes, masked);
    return true;
  }

  private addBytes(data: Uint8Array, opcode: number, last: boolean, masked: boolean): boolean {
    if (data.length > MAX_COPY_BYTES || data.length > SCRATCH_BYTES - this.length - MAX_HEADER_BYTES)
      return false;
    const at = this.length + headerBytes(data.length, masked);
    this.scratch.set(data, at);
    this.close(opcode, last, at, data.length, masked);
    return true;
  }

  private close(opcode: number, last: boolean, at: number, bytes: number, masked: boolean): void {
    writeHeader(this.scratch, this.length, opcode, last, bytes, masked ? mask : undefined);
    if (masked) mask.apply(this.scratch, at, bytes);
    this.length = at + bytes;
  }
}

export const batch: Batch = new Batch();

/** One frame by itself: its header (with the payload, where that has to be masked) and the payload as it is. */
export function frameOf(outbound: Outbound, masked: boolean): readonly Uint8Array[] {
  const data = payloadOf(outbound);
  const payload = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  const last = !(outbound instanceof Fragment) || outbound.last;
  const size = headerBytes(payload.length, masked);
  if (!masked) {
    const header = Buffer.allocUnsafe(size);
    writeHeader(header, 0, opcodeOf(outbound), last, payload.length, undefined);
    return [header, payload];
  }
  const frame = Buffer.allocUnsafeSlow(size + payload.length);
  writeHeader(frame, 0, opcodeOf(outbound), last, payload.length, mask);
  frame.set(payload, size);
  mask.apply(frame, size, payload.length);
  return [frame];
}

/** The frame is made by the first connection that sends it, and is the same for all. */
export function preparedFrame(prepared: Prepared<unknown>): Uint8Array {
  prepared.frame ??= Buffer.concat(frameOf(prepared, false));
  return prepared.frame;
}

/** The opcode of a data frame. */
function opcodeOf(outbound: Outbound): number {
  if (outbound instanceof Fragment && !outbound.first) return CONTINUATION;
  return typeof payloadOf(outbound) === 'string' ? TEXT : BINARY;
}
