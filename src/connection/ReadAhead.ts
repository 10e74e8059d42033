import type { Data } from '../core/Data.ts';
import { Fifo } from '../core/Fifo.ts';
import { bytesOf } from '../core/Outbound.ts';
import { ownBytes } from '../core/ownBytes.ts';

/** What a waiting message counts for beside its bytes: without it, empty messages would wait without bound. */
const SLOT_BYTES = 8;

/** What was read before anybody took it. */
export class ReadAhead {
  /** Most connections never need one. */
  private messages: Fifo<Data> | undefined;
  bytes = 0;

  get isEmpty(): boolean {
    return this.messages === undefined || this.messages.length === 0;
  }

  push(data: Data, bytes: number): void {
    this.messages ??= new Fifo();
    this.messages.push(typeof data === 'string' ? data : ownBytes(data));
    this.bytes += bytes + SLOT_BYTES;
  }

  /** The oldest; there is one. */
  shift(): Data {
    const data = this.messages!.shift()!;
    this.bytes -= bytesOf(data) + SLOT_BYTES;
    return data;
  }

  clear(): void {
    this.messages = undefined;
    this.bytes = 0;
  }
}
