import { Duplex } from 'node:stream';
import type { Data, Sendable } from '../core/Data.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import type { Connection } from './Connection.ts';
import { engineOf } from './EngineConnection.ts';
import { toWebStreams } from './toWebStreams.ts';

/**
 * The connection as a Node stream in object mode, a message for each chunk, for `pipeline`.
 *
 * Reading gives what was received to the last message, and then ends, or fails with a `ConnectionClosedError` where the
 * connection was lost. A write is over when there is room for the next, and fails with one when the connection has ended;
 * a stream that is written to and not read fails at once. To end it, to stop reading it, or to destroy it without an error
 * closes the connection with 1000; to destroy it with an error, or to write what cannot be sent, with 1011. **Holds** one
 * message in each direction, and what the connection says.
 *
 * @example
 * await pipeline(createReadStream('film.webm'), toDuplex(connection));
 */
export function toDuplex<In = Data, Out = Sendable>(connection: Connection<In, Out>): Duplex {
  const engine = engineOf(connection);
  const { readable, writable } = toWebStreams(connection);
  const reader = readable.getReader();
  const writer = writable.getWriter();
  let isWritten = false;

  // Not `Duplex.fromWeb`: it fails as a whole when the writable does, with messages still to be read, and it reads 16 ahead.
  const duplex = new Duplex({
    objectMode: true,
    highWaterMark: 1,
    read: () => {
      reader.read().then(
        ({ done, value }) => {
          if (done) duplex.push(null);
          else if (value === null)
            duplex.destroy(new InvalidArgumentError('a Node stream cannot carry null'));
          else duplex.push(value);
        },
        (error: Error) => duplex.destroy(error),
      );
    },
    write: (message: Out, _encoding, done) => {
      isWritten = true;
      writer.write(message).then(() => done(), done);
    },
    final: (done) => {
      if (engine.state === 'closed') done(engine.endError());
      else writer.close().then(() => done(), done);
    },
    destroy: (error, done) => {
      // Node says so of a reader that leaves, too: `break` in a loop.
      const isLeft = error?.name === 'AbortError' && !isWritten;
      if (error === null || isLeft) connection.close();
      else if (engine.state === 'open') engine.fail(error);
      const over = (): void => done(error);
      reader.cancel().then(over, over);
    },
  });
  duplex.once('pipe', () => (isWritten = true));
  connection.closed.subscribe(() => {
    const isRead = duplex.readableFlowing !== null || duplex.listenerCount('readable') > 0;
    if (isWritten && !isRead && !duplex.writableEnded) duplex.destroy(engine.closedError());
  });
  return duplex;
}
