/** Time, as the transport tells it: real on a socket, virtual under marbles. */
export interface Clock {
  /** Milliseconds from some fixed moment; never goes back. */
  now(): number;
  /** Runs `task` in a later turn, after what was asked for before it. */
  later(task: () => void): void;
  /** Runs `task` in a later turn, after the input and output that is due: for work that would starve it. */
  afterIo(task: () => void): void;
  /** Runs `task` once, in `delayMs`; the result cancels it. A pending task keeps no process alive. */
  schedule(task: () => void, delayMs: number): () => void;
}
