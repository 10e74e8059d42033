import type { SchedulerLike } from 'rxjs';
import type { ListenConfig } from '../server/ListenConfig.ts';

/** How bytes travel in a loopback, and what it reaches. Times are in milliseconds. */
export interface LoopbackConfig {
  /** A borrowed server, of `listen({ server })` or `upgrades(server)`. It need not listen, and is neither started nor closed. */
  server?: NonNullable<ListenConfig['server']>;
  /** How long bytes are under way, in each direction: a round trip takes twice that. Default 0. */
  latencyMs?: number;
  /**
   * How many bytes arrive at a time, each chunk in a turn of its own; 1 cuts everywhere. `ws` takes its time over messages of more
   * than 16 KiB in single bytes. Default: as they come, up to 64 KiB.
   */
  chunkBytes?: number;
  /** How many bytes are under way to who does not read before who writes has to wait, as by the buffers of the system. Default 256 KiB. */
  bufferBytes?: number;
  /** How long a client waits for a `listen` that is not there yet. Default 1 s. */
  listenTimeoutMs?: number;
  /** Where the time of `latencyMs` and `listenTimeoutMs` comes from. Connections have one of their own. Default: the clock of the machine. */
  scheduler?: SchedulerLike;
}
