import type { Observable } from 'rxjs';
import type { Hold } from '../core/Valve.ts';
import { Latest } from './Latest.ts';

/** The reasons not to deliver just now. One is enough; each counts once, however often it is released. */
export class Holds {
  private readonly changed: () => void;
  private count = 0;
  private state: Latest<boolean> | undefined;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  get isHeld(): boolean {
    return this.count > 0;
  }

  get reading(): Observable<boolean> {
    this.state ??= new Latest(!this.isHeld);
    return this.state.values;
  }

  hold(): Hold {
    let held = true;
    const unsubscribe = (): void => {
      if (!held) return;
      held = false;
      this.count--;
      this.tell();
    };
    this.count++;
    this.tell();
    return { unsubscribe, [Symbol.dispose]: unsubscribe };
  }

  /** Nobody is told of later changes. */
  complete(): void {
    this.state?.complete();
  }

  private tell(): void {
    this.state?.set(!this.isHeld);
    this.changed();
  }
}
