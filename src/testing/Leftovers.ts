import type { MarbleConnection } from './MarbleConnection.ts';
import { here } from './originOf.ts';
import type { Anything } from './Anything.ts';

/** A source of the test, as RxJS makes them. */
export interface LoggedSource {
  readonly subscriptions: readonly { readonly unsubscribedFrame: number }[];
  logSubscribedFrame(): number;
}

interface Watched {
  readonly source: LoggedSource;
  readonly name: string;
  /** Where each of its subscriptions was made; undefined: in the body of the test, whose own affair it is. */
  readonly origins: (string | undefined)[];
}

/** What a test must not leave behind. */
export class Leftovers {
  readonly connections: MarbleConnection<Anything, Anything, Anything>[] = [];
  /** Expected streams that are still subscribed: what is below them may be, too. */
  openExpectations = 0;
  /** The body of the test has returned, and time runs. */
  isRunning = false;
  private readonly sources: Watched[] = [];
  /** Those whose hold at the end is expected. */
  private readonly heldOnPurpose = new Set<unknown>();

  watch(source: LoggedSource, name: string): void {
    const origins: (string | undefined)[] = [];
    const log = source.logSubscribedFrame.bind(source);
    source.logSubscribedFrame = () => {
      origins.push(this.isRunning ? here() : undefined);
      return log();
    };
    this.sources.push({ source, name, origins });
  }

  /** An expectation says that it is held at the end. */
  expectHeld(connection: unknown): void {
    this.heldOnPurpose.add(connection);
  }

  /** In words, a line each. */
  report(): readonly string[] {
    return [...this.holds(), ...this.subscriptions()];
  }

  private holds(): string[] {
    const held = this.connections.filter((connection) => !this.heldOnPurpose.has(connection));
    return held.flatMap(({ openHolds, diagram }) =>
      [...openHolds.values()].map(
        (origin) =>
          `connection(${JSON.stringify(diagram.marbles.trim())}) is held at the end${at(origin)}: release it, or say so by an ` +
          `expectReading whose last state is "f"`,
      ),
    );
  }

  /** When every connection has ended, nothing of what they were for may go on. */
  private subscriptions(): string[] {
    const begun = this.connections.filter(({ isBegun }) => isBegun);
    if (begun.length === 0 || !begun.every(({ isOver }) => isOver) || this.openExpectations > 0) return [];
    return this.sources.flatMap(({ source, name, origins }) =>
      source.subscriptions.flatMap(({ unsubscribedFrame }, index) =>
        unsubscribedFrame === Infinity && origins[index] !== undefined
          ? [
              `${name} is still subscribed, and every connection has ended${at(origins[index])}: use takeUntil(closed)`,
            ]
          : [],
      ),
    );
  }
}

function at(origin: string): string {
  return origin && `, since ${origin}`;
}
