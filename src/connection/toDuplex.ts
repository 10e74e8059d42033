import { Duplex, type DuplexOptions } from 'node:stream';
import type { Data, Sendable } from '../core/Data.ts';
import type { Connection } from './Connection.ts';
import { toWebStreams } from './toWebStreams.ts';

/**
 * The connection as a Node stream in object mode, a message for each chunk, for `pipeline`. See `toWebStreams` for what
 * ends and fails what.
 *
 * @example
 * await pipeline(createReadStream('film.webm'), toDuplex(connection));
 */
export function toDuplex<In = Data, Out = Sendable>(connection: Connection<In, Out>): Duplex {
  const options: DuplexOptions = { objectMode: true, readableHighWaterMark: 1, writableHighWaterMark: 1 };
  return Duplex.fromWeb(toWebStreams(connection), options);
}
