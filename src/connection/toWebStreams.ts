import { filter, firstValueFrom, fromEvent, take, takeUntil } from 'rxjs';
import type { Data, Sendable } from '../core/Data.ts';
import type { Connection } from './Connection.ts';
import { engineOf } from './EngineConnection.ts';

/** A connection as the two halves of the Streams standard. */
export interface WebStreams<In, Out> {
  readonly readable: ReadableStream<In>;
  readonly writable: WritableStream<Out>;
}

/**
 * The connection as a `ReadableStream` of its messages and a `WritableStream` to send, for `pipeTo` and `pipeThrough`.
 * A message is read from the connection when the stream asks for it; a write is over when there is room for the next.
 *
 * The readable closes with the connection, and fails with a `ConnectionClosedError` where that was lost; the writable fails
 * with one when the connection ends. Closing the writable, or cancelling the readable, closes the connection with 1000;
 * aborting the writable, or writing to it what cannot be sent, with 1011. **Holds** one message in each direction, and
 * what the connection says.
 *
 * @example
 * await toWebStreams(connection).readable.pipeTo(Writable.toWeb(createWriteStream('log')));
 */
export function toWebStreams<In = Data, Out = Sendable>(
  connection: Connection<In, Out>,
): WebStreams<In, Out> {
  const engine = engineOf(connection);
  const messages = connection[Symbol.asyncIterator]();

  const readable = new ReadableStream<In>(
    {
      pull: async (controller) => {
        const { done, value } = await messages.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => {
        await messages.return?.();
        connection.close();
      },
    },
    // Nothing is read that was not asked for.
    { highWaterMark: 0 },
  );

  const writable = new WritableStream<Out>({
    start: (controller) => {
      connection.closed.subscribe(() => controller.error(engine.closedError()));
    },
    write: async (message, controller) => {
      const { signal } = controller as WritableStreamDefaultController & { readonly signal: AbortSignal };
      let taken: boolean;
      try {
        taken = connection.send(message);
      } catch (error) {
        // Nobody can close or abort a writable that has failed.
        engine.fail(error);
        throw error;
      }
      if (!taken) throw engine.closedError();
      // Ends without a value where the connection does: then the stream has failed already. An abort waits for nothing.
      const room = connection.writable.pipe(filter(Boolean), take(1), takeUntil(fromEvent(signal, 'abort')));
      await firstValueFrom(room, { defaultValue: false });
    },
    close: async () => {
      connection.close();
      await firstValueFrom(connection.closed);
      const lost = engine.endError();
      if (lost) throw lost;
    },
    abort: (reason) => engine.fail(reason),
  });

  return { readable, writable };
}
