import { isBadEnd } from '../client/isBadEnd.ts';
import { connectionSettings } from '../connection/ConnectionConfig.ts';
import type { Connection } from '../connection/Connection.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import type { Data } from '../core/Data.ts';
import type { OnError } from '../core/ErrorReport.ts';
import type { Handshake } from '../core/Handshake.ts';
import { MarbleConnection } from './MarbleConnection.ts';
import type { MarbleConnectionConfig } from './MarbleConnectionConfig.ts';
import { MemoryTransport } from './MemoryTransport.ts';
import type { MarbleScheduler } from './MarbleScheduler.ts';
import { here } from './originOf.ts';
import { assertValues, type Diagram, parseDiagram, someOf } from './parseDiagram.ts';
import { overMemory, valueCodec } from './ValueBytes.ts';

/** What a connection needs of the run. */
export interface Stage {
  readonly scheduler: MarbleScheduler;
  /** A function of the user failed, and no `onError` was given. */
  unhandled(error: unknown): void;
}

/** A connection whose peer says what the diagram says; see `Marbles.connection`. */
export function openMarble<In, Context>(
  stage: Stage,
  incoming: string,
  values: Readonly<Record<string, In>> | undefined,
  config: MarbleConnectionConfig<In, any, Context>,
): MarbleConnection<In, any, Context> {
  const { scheduler } = stage;
  const says = scheduler.seen(parseDiagram(incoming, 'stream', 'connection', values));
  const given = someOf(values);
  if (given !== undefined) assertValues(says, 'connection', given);
  const reads = scheduler.seen(parseDiagram(config.writable ?? '', 'states', 'writable'));
  const script = played(says, reads, given, config);
  const { side = 'server', protocol = '', capabilities } = config;
  const transport = new MemoryTransport(scheduler, {
    side,
    protocol,
    ...(capabilities === undefined ? {} : { capabilities }),
  });
  transport.peer.pongMs = config.pongMs ?? 0;
  transport.peer.closeMs = config.closeMs ?? 0;
  const closeIsError = (close: CloseInfo): boolean =>
    transport.side === 'client' ? isBadEnd(close) : !close.wasClean;
  return new MarbleConnection<In, any, Context>({
    transport,
    settings: connectionSettings({ closeIsError, ...config, codec: valueCodec(config.codec) }),
    handshake: handshakeOf(config),
    context: config.context as Context,
    onError: (config.onError as OnError<Connection<unknown, never>> | undefined) ?? stage.unhandled,
    diagram: says,
    codec: config.codec,
    origin: here,
    play: ({ peer }) => {
      // A peer that does not read from the start takes nothing of what is sent in the first frame.
      if (reads.marks[0]?.frame === 0 && reads.marks[0].sign === 'f') peer.stop(0);
      for (const { frame, act } of script) {
        // Behind all that is due in that frame: what you do in it comes before what the network does.
        scheduler.schedule(() => scheduler.schedule(() => act(peer)), frame);
      }
    },
  });
}

interface Act {
  readonly frame: number;
  act(peer: MemoryTransport['peer']): void;
}

function played<In, Context>(
  says: Diagram,
  reads: Diagram,
  values: Readonly<Record<string, In>> | undefined,
  { close = { code: 1000 }, error }: MarbleConnectionConfig<In, any, Context>,
): Act[] {
  const acts: Act[] = [];
  let chunk: { readonly frame: number; readonly messages: Data[] } | undefined;
  for (const { frame, sign } of says.marks) {
    if (sign === '|') acts.push({ frame, act: (peer) => peer.close(close.code, close.reason) });
    else if (sign === '#') acts.push({ frame, act: (peer) => peer.cut(error) });
    else {
      const message = overMemory(values ? values[sign] : sign);
      // What is in one group arrives in one chunk.
      if (chunk?.frame === frame) chunk.messages.push(message);
      else {
        const messages = [message];
        chunk = { frame, messages };
        acts.push({ frame, act: (peer) => peer.send(...messages) });
      }
    }
  }
  for (const { frame, sign } of reads.marks) {
    acts.push({ frame, act: (peer) => (sign === 't' ? peer.start() : peer.stop(0)) });
  }
  return acts;
}

function handshakeOf({
  url: given = 'ws://localhost/',
  headers = {},
  remoteAddress = '127.0.0.1',
}: Pick<MarbleConnectionConfig<unknown, unknown, unknown>, 'url' | 'headers' | 'remoteAddress'>): Handshake {
  const url = new URL(given);
  return { url, path: url.pathname, query: url.searchParams, headers, remoteAddress };
}
