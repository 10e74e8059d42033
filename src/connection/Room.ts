import type { Observable } from 'rxjs';
import { Latest } from './Latest.ts';

/** Who is told whether there is room to send. */
export class Room {
  private isWritable: boolean;
  private state: Latest<boolean> | undefined;
  private readonly changed: (isWritable: boolean) => void;

  /** `changed` is for the owner, who watches every connection, and is told before who subscribed. */
  constructor(isWritable: boolean, changed: (isWritable: boolean) => void = () => {}) {
    this.isWritable = isWritable;
    this.changed = changed;
  }

  get states(): Observable<boolean> {
    this.state ??= new Latest(this.isWritable);
    return this.state.values;
  }

  tell(isWritable: boolean): void {
    if (isWritable === this.isWritable) return;
    // First what is known, then who is told: they may send, and fill it again.
    this.isWritable = isWritable;
    this.changed(isWritable);
    this.state?.set(isWritable);
  }

  complete(): void {
    this.state?.complete();
  }
}
