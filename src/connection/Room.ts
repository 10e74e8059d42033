import type { Observable } from 'rxjs';
import { Latest } from './Latest.ts';

/** Who is told whether there is room to send. */
export class Room {
  private isWritable = true;
  private state: Latest<boolean> | undefined;
  /** For the owner, who watches every connection: a subscription for each would cost more than the connection. */
  changed: ((isWritable: boolean) => void) | undefined;

  /** The present value is `isWritable`. */
  states(isWritable: boolean): Observable<boolean> {
    this.state ??= new Latest(isWritable);
    return this.state.values;
  }

  tell(isWritable: boolean): void {
    this.state?.set(isWritable);
    if (isWritable === this.isWritable) return;
    this.isWritable = isWritable;
    this.changed?.(isWritable);
  }

  complete(): void {
    this.state?.complete();
  }
}
