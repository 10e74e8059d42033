import { isBadEnd } from '../client/isBadEnd.ts';
import { allFrames } from '../connection/allFrames.ts';
import { connectionSettings } from '../connection/ConnectionConfig.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import type { Handshake } from '../core/Handshake.ts';
import { MarbleConnection } from './MarbleConnection.ts';
import type { MarbleConnectionConfig } from './MarbleConnectionConfig.ts';
import { MemoryTransport } from './MemoryTransport.ts';
import type { MarbleScheduler } from './MarbleScheduler.ts';
import { here } from './originOf.ts';
import { PeerScript } from './PeerScript.ts';
import { overMemory, valueCodec } from './ValueBytes.ts';
import type { Anything } from './Anything.ts';

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
  values: Readonly<Record<string, unknown>> | undefined,
  config: MarbleConnectionConfig<In, Anything, Context>,
): MarbleConnection<In, Anything, Context> {
  const { scheduler } = stage;
  const script = new PeerScript(scheduler, { where: 'connection', incoming, values }, config, overMemory);
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
  return new MarbleConnection<In, Anything, Context>({
    transport,
    settings: connectionSettings({
      closeIsError,
      framing: allFrames,
      ...config,
      codec: valueCodec(config.codec),
      onError: config.onError ?? stage.unhandled,
    }),
    handshake: handshakeOf(config),
    context: config.context as Context,
    diagram: script.diagram,
    codec: config.codec,
    origin: here,
    play: () => {
      transport.startKeepAlive(config.keepAlive);
      script.play(transport.peer);
    },
  });
}

function handshakeOf({
  url: given = 'ws://localhost/',
  headers = {},
  remoteAddress = '127.0.0.1',
}: Pick<MarbleConnectionConfig<unknown, unknown, unknown>, 'url' | 'headers' | 'remoteAddress'>): Handshake {
  const url = new URL(given);
  return { url, path: url.pathname, query: url.searchParams, headers, remoteAddress };
}
