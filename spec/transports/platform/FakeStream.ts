import type {
  PlatformStream,
  PlatformStreamEnd,
  PlatformStreamOpen,
} from '../../../src/transports/platform/PlatformStream.ts';

/** A promise, and what settles it. */
function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle));
  promise.catch(() => {});
  return { promise, resolve, reject };
}

/** A `WebSocketStream` of the platform whose other end a spec plays. */
export class FakeStream implements PlatformStream {
  readonly closes: unknown[] = [];
  /** What the platform has taken. */
  readonly sent: (string | Uint8Array)[] = [];
  /** How often it was asked to read. */
  pulls = 0;
  private readonly opening = deferred<PlatformStreamOpen>();
  private readonly ending = deferred<PlatformStreamEnd>();
  private incoming!: ReadableStreamDefaultController<string | ArrayBuffer>;
  private outgoing!: WritableStreamDefaultController;
  private stopped = false;
  private taken = deferred<void>();

  readonly readable: ReadableStream<string | ArrayBuffer> = new ReadableStream<string | ArrayBuffer>(
    { start: (controller) => (this.incoming = controller), pull: () => void this.pulls++ },
    { highWaterMark: 0 },
  );
  readonly writable: WritableStream<string | Uint8Array> = new WritableStream<string | Uint8Array>({
    start: (controller) => (this.outgoing = controller),
    write: async (chunk) => {
      if (this.stopped) await this.taken.promise;
      this.sent.push(chunk);
    },
  });

  get opened(): Promise<PlatformStreamOpen> {
    return this.opening.promise;
  }

  get closed(): Promise<PlatformStreamEnd> {
    return this.ending.promise;
  }

  close(...args: unknown[]): void {
    this.closes.push(args[0]);
  }

  open(): void {
    const { readable, writable } = this;
    this.opening.resolve({ protocol: 'v1', readable, writable });
  }

  refuse(error: unknown): void {
    this.opening.reject(error);
    this.ending.reject(error);
  }

  say(...chunks: readonly (string | ArrayBuffer)[]): void {
    for (const chunk of chunks) this.incoming.enqueue(chunk);
  }

  /** The platform takes no more, until `start`. */
  stop(): void {
    this.stopped = true;
    this.taken = deferred();
  }

  start(): void {
    this.stopped = false;
    this.taken.resolve();
  }

  /** All that arrived before can still be read. */
  end(end: PlatformStreamEnd): void {
    this.incoming.close();
    this.ending.resolve(end);
  }

  cut(error: unknown): void {
    this.incoming.error(error);
    this.outgoing.error(error);
    this.ending.reject(error);
  }
}
