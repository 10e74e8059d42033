import { type Observable, Subject, type Unsubscribable } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import { engineIn } from '../connection/engineIn.ts';
import type { Dropped } from '../core/Dropped.ts';
import { Fifo } from '../core/Fifo.ts';
import { NotSentError } from '../core/NotSentError.ts';
import { bytesOf } from '../core/Outbound.ts';
import { Prepared } from '../core/Prepared.ts';
import { toData } from '../core/toData.ts';
import { tell } from '../operators/tell.ts';
import type { LinkConfig, OfflineBuffer } from './LinkConfig.ts';

/** What waits for a connection of a link, at most as much as its bounds say, and what became of what was not sent. */
export class Outbox<Out> {
  private readonly policy: 'error' | 'drop' | Required<OfflineBuffer>;
  private readonly waiting = new Fifo<Out | Prepared<Out>>();
  private bytes = 0;
  private readonly drops = new Subject<Dropped>();
  readonly dropped: Observable<Dropped> = this.drops.asObservable();

  constructor(offline: LinkConfig['offline'] = 'buffer') {
    const buffer = { maxMessages: 1_000, maxBytes: 1_048_576, onReconnect: 'flush' } as const;
    if (offline === 'error' || offline === 'drop') this.policy = offline;
    else this.policy = offline === 'buffer' ? buffer : { ...buffer, ...offline };
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** There is no connection, or something waits before this one. */
  take(message: Out | Prepared<Out>): boolean {
    const { policy } = this;
    if (policy === 'error')
      throw new NotSentError('the link has no connection; wait for its status, or choose another policy');
    const bytes = sizeOf(message);
    if (
      policy === 'drop' ||
      this.waiting.length >= policy.maxMessages ||
      this.bytes + bytes > policy.maxBytes
    ) {
      this.report({ count: 1, bytes });
      return false;
    }
    this.waiting.push(message);
    this.bytes += bytes;
    return true;
  }

  /** There is a connection: after a loss, what waited until now is kept only if that is wanted. */
  prepare(isFirst: boolean): void {
    if (!isFirst && typeof this.policy === 'object' && this.policy.onReconnect === 'discard') this.clear();
  }

  /** Sends what waits, no faster than the peer reads. */
  sendTo(connection: Connection<unknown, Out>): Unsubscribable | undefined {
    if (this.isEmpty) return undefined;
    const outgoing = engineIn(connection)?.outgoing;
    return connection.writable.subscribe(() => {
      while (!this.isEmpty && connection.state === 'open' && outgoing?.isWritable !== false) {
        const message = this.waiting.shift()!;
        this.bytes -= sizeOf(message);
        tell(connection, message);
      }
    });
  }

  /** Nothing of what waits will be sent. */
  clear(): void {
    const dropped = { count: this.waiting.length, bytes: this.bytes };
    this.waiting.clear();
    this.bytes = 0;
    this.report(dropped);
  }

  report(dropped: Dropped): void {
    if (dropped.count > 0) this.drops.next(dropped);
  }
}

/** Of what has to be encoded first the size is not known. */
function sizeOf(message: unknown): number {
  if (message instanceof Prepared) return bytesOf(message);
  const isBytes =
    typeof message === 'string' || ArrayBuffer.isView(message) || message instanceof ArrayBuffer;
  return isBytes ? bytesOf(toData(message)) : 0;
}
