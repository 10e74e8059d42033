import { AsyncResource } from 'node:async_hooks';
import { Duplex } from 'node:stream';
import type { Pipe } from './Pipe.ts';

/** What an end is made of. */
export interface WireEndConfig {
  readonly inbound: Pipe;
  readonly outbound: Pipe;
  readonly localPort: number;
  readonly remotePort: number;
  /** As of a TLS socket, though nothing is encrypted. */
  readonly encrypted: boolean;
  /** Goes on writing when the other end has ended, as the sockets of a server do. */
  readonly allowHalfOpen: boolean;
}

/** One end of a wire: as much of a `net.Socket` as servers and clients look at. What arrives does so in the async context it was made in. */
export class WireEnd extends Duplex {
  readonly localAddress = '127.0.0.1';
  readonly remoteAddress = '127.0.0.1';
  readonly remoteFamily = 'IPv4';
  readonly localPort: number;
  readonly remotePort: number;
  readonly encrypted: boolean;
  bytesRead = 0;
  bytesWritten = 0;
  private readonly inbound: Pipe;
  private readonly outbound: Pipe;
  private readonly resource = new AsyncResource('WireEnd');

  constructor({ inbound, outbound, localPort, remotePort, encrypted, allowHalfOpen }: WireEndConfig) {
    super({ allowHalfOpen, readableHighWaterMark: 65_536, writableHighWaterMark: 65_536 });
    this.inbound = inbound;
    this.outbound = outbound;
    this.localPort = localPort;
    this.remotePort = remotePort;
    this.encrypted = encrypted;
    // As a socket does: it reads ahead though nobody asks.
    this.read(0);
  }

  /** Runs `task` in the context of this end. */
  within<T>(task: () => T): T {
    return this.resource.runInAsyncScope(task);
  }

  /** From the inbound pipe; false: no more just now. */
  receive(chunk: Uint8Array | undefined): boolean {
    if (chunk !== undefined) {
      this.bytesRead += chunk.length;
      return this.within(() => this.push(chunk));
    }
    this.within(() => {
      this.push(null);
      // As a socket does: `end` is emitted though nobody reads.
      this.read(0);
    });
    return false;
  }

  /** The other end sent RST, or this one does. */
  reset(): void {
    const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
    this.within(() => this.destroy(error));
  }

  override _read(): void {
    this.inbound.want();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.bytesWritten += chunk.length;
    this.outbound.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.outbound.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.outbound.end();
    this.inbound.abandon();
    done(error);
  }

  // What there is nothing to do for.
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
