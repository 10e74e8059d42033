import type { PlatformEvent, PlatformSocket } from '../../../src/transports/platform/PlatformSocket.ts';

/** A `WebSocket` of the platform whose other end a spec plays. */
export class FakeSocket implements PlatformSocket {
  binaryType = 'blob';
  protocol = 'v1';
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: (string | Uint8Array)[] = [];
  readonly closes: unknown[][] = [];
  private readonly listeners = new Map<string, Set<(event: PlatformEvent) => void>>();

  get listening(): readonly string[] {
    return [...this.listeners].filter(([, { size }]) => size > 0).map(([type]) => type);
  }

  addEventListener(type: string, listener: (event: PlatformEvent) => void): void {
    this.listeners.set(type, (this.listeners.get(type) ?? new Set()).add(listener));
  }

  removeEventListener(type: string, listener: (event: PlatformEvent) => void): void {
    this.listeners.get(type)?.delete(listener);
  }

  send(data: string | Uint8Array): void {
    this.sent.push(data);
    this.bufferedAmount += data.length;
  }

  close(...args: unknown[]): void {
    this.closes.push(args);
    this.readyState = 2;
  }

  emit(type: string, event: Omit<PlatformEvent, 'type'> = {}): void {
    for (const listener of [...(this.listeners.get(type) ?? [])]) listener({ type, ...event });
  }
}
