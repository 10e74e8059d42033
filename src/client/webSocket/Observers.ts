import { report } from '../../core/ErrorReport.ts';
import type { Dropped } from '../../core/Dropped.ts';
import { onRejection } from '../../core/onRejection.ts';
import type { SocketCloseEvent, SocketEvent } from '../../transports/SocketEvents.ts';
import type { WebSocketSubjectConfig } from './WebSocketSubjectConfig.ts';

type ObserversConfig = Pick<
  WebSocketSubjectConfig<unknown>,
  'openObserver' | 'closingObserver' | 'closeObserver' | 'dropped' | 'onError'
>;

/** Who watches the connections of a subject, by its config. What they throw or reject goes to `onError`. */
export class Observers {
  private readonly config: ObserversConfig;

  constructor(config: ObserversConfig) {
    this.config = config;
  }

  open(event: SocketEvent): void {
    this.call(() => this.config.openObserver?.next(event));
  }

  closing(): void {
    this.call(() => this.config.closingObserver?.next());
  }

  close(event: SocketCloseEvent): void {
    this.call(() => this.config.closeObserver?.next(event));
  }

  /** False: nobody watches what is dropped. */
  dropped(drop: Dropped): boolean {
    const { dropped } = this.config;
    this.call(() => dropped?.(drop));
    return dropped !== undefined;
  }

  report(error: unknown): void {
    const { onError } = this.config;
    report(onError && ((reported) => onError(reported)), error, undefined as never);
  }

  private call(observer: () => unknown): void {
    try {
      onRejection(observer(), (error) => this.report(error));
    } catch (error) {
      this.report(error);
    }
  }
}
