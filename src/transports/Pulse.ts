import { Waiter } from './Line.ts';

/** A transport whose peer can be asked whether it is alive; see `KeepAlive`, which keeps its notes here. */
export abstract class Pulse extends Waiter {
  /** What `activity` was when it was last looked at. */
  seen = 0;
  /** How many looks in a row have found nothing new. */
  quiet = 0;
  /** A ping waits for an answer. */
  isAsked = false;
  /** Changes with each byte that comes in, and when bytes leave that had been stuck. */
  abstract readonly activity: number;
  /** Neither end has begun to close. */
  abstract readonly isOpen: boolean;
  /** Nothing is read just now, not even an answer. */
  abstract readonly isPaused: boolean;
  abstract sendPing(data: Uint8Array): void;
  /** Ends as lost. */
  abstract die(error: unknown): void;
}
