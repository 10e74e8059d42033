import type { Data } from '../core/Data.ts';
import { Fifo } from '../core/Fifo.ts';
import { bytesOf } from '../core/Outbound.ts';
import { ownBytes } from '../core/ownBytes.ts';

/** What a waiting message counts for beside its bytes: without it, empty messages would wait without bound. */
const SLOT_BYTES = 8;

/** A message, and what the codec made of it. */
export interface Decoded {
  readonly data: Data;
  readonly value: unknown;
}

/** What was read before anybody took it. The first of it may have been decoded: it was shown to who only watches. */
export class ReadAhead {
  /** Most connections never need one. */
  private messages: Fifo<Data> | undefined;
  /** What the first of `messages` were decoded to. */
  private values: Fifo<unknown> | undefined;
  private first: Decoded | undefined;
  bytes = 0;

  get isEmpty(): boolean {
    return this.first === undefined && (this.messages === undefined || this.messages.length === 0);
  }

  push(data: Data, bytes: number): void {
    this.messages ??= new Fifo();
    this.messages.push(typeof data === 'string' ? data : ownBytes(data));
    this.bytes += bytes + SLOT_BYTES;
  }

  /** In front of all: it was decoded, and nobody was left to take it. */
  putBack(data: Data, value: unknown): void {
    this.first = { data, value };
  }

  /** The oldest, where it was decoded before; else undefined. */
  shiftDecoded(): Decoded | undefined {
    const { first } = this;
    this.first = undefined;
    if (first !== undefined || this.values === undefined || this.values.length === 0) return first;
    const value = this.values.shift();
    return { data: this.shift(), value };
  }

  /** The oldest, where it was not; there is one. */
  shift(): Data {
    const data = this.messages!.shift()!;
    this.bytes -= bytesOf(data) + SLOT_BYTES;
    return data;
  }

  /** Some of it was not decoded. */
  get hasUnseen(): boolean {
    return this.messages !== undefined && this.messages.length > (this.values?.length ?? 0);
  }

  /** The oldest that was not decoded; there is one. */
  get firstUnseen(): Data {
    return this.messages!.at(this.values?.length ?? 0)!;
  }

  /** It was decoded to `value`. */
  see(value: unknown): void {
    this.values ??= new Fifo();
    this.values.push(value);
  }

  clear(): void {
    this.first = this.messages = this.values = undefined;
    this.bytes = 0;
  }
}
