import { assertClose } from '../core/closeCode.ts';
import type { Data } from '../core/Data.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import type { MemoryPeer } from './MemoryPeer.ts';
import type { MarbleScheduler } from './MarbleScheduler.ts';
import { assertValues, type Diagram, parseDiagram, someOf } from './parseDiagram.ts';

/** What a peer is like that says what a diagram says. */
export interface PeerScriptConfig {
  writable?: string;
  close?: { code: number; reason?: string };
  error?: unknown;
}

interface Act {
  readonly frame: number;
  act(peer: MemoryPeer): void;
}

/** What a peer does, by its diagrams. */
export class PeerScript {
  readonly diagram: Diagram;
  private readonly scheduler: MarbleScheduler;
  private readonly acts: readonly Act[];
  private readonly isStopped: boolean;

  /** Throws a `SyntaxError` where a diagram is wrong, an `InvalidArgumentError` where no peer closes so; `toData` makes a message of a value. */
  constructor(
    scheduler: MarbleScheduler,
    {
      where,
      incoming,
      values,
    }: { where: string; incoming: string; values: Readonly<Record<string, unknown>> | undefined },
    { writable = '', close = { code: 1000 }, error }: PeerScriptConfig,
    toData: (value: unknown) => Data,
  ) {
    if (close.code === 1006)
      throw new InvalidArgumentError('1006 is in no close frame: write # where the connection is lost');
    if (close.code !== 1005) assertClose(close.code, close.reason ?? '');
    this.scheduler = scheduler;
    this.diagram = scheduler.seen(parseDiagram(incoming, 'stream', where, values));
    const given = someOf(values);
    if (given !== undefined) assertValues(this.diagram, where, given);
    const reads = scheduler.seen(parseDiagram(writable, 'states', 'writable')).marks;
    const acts: Act[] = [];
    let chunk: { readonly frame: number; readonly messages: Data[] } | undefined;
    for (const { frame, sign } of this.diagram.marks) {
      if (sign === '|') acts.push({ frame, act: (peer) => peer.close(close.code, close.reason) });
      else if (sign === '#') acts.push({ frame, act: (peer) => peer.cut(error) });
      else {
        const message = toData(given ? given[sign] : sign);
        // What is in one group arrives in one chunk.
        if (chunk?.frame === frame) chunk.messages.push(message);
        else {
          const messages = [message];
          chunk = { frame, messages };
          acts.push({ frame, act: (peer) => peer.send(...messages) });
        }
      }
    }
    for (const { frame, sign } of reads)
      acts.push({ frame, act: (peer) => (sign === 't' ? peer.start() : peer.stop(0)) });
    this.acts = acts;
    this.isStopped = reads[0]?.frame === 0 && reads[0].sign === 'f';
  }

  /** Lets `peer` do it, from now on. */
  play(peer: MemoryPeer): void {
    const { scheduler } = this;
    // A peer that does not read from the start takes nothing of what is sent in the first frame.
    if (this.isStopped) peer.stop(0);
    for (const { frame, act } of this.acts) {
      // Behind all that is due in that frame: what you do in it comes before what the network does.
      scheduler.schedule(() => scheduler.schedule(() => act(peer)), frame);
    }
  }
}
