import { Observable, type ObservableInput, type OperatorFunction } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import type { Prepared } from '../core/Prepared.ts';
import { Conversation, type ConversationEnded } from './Conversation.ts';
import type { Ended } from './Ended.ts';

/**
 * Answers each connection with what `project` returns for it, and emits how each one ended.
 *
 *     connections  -a--b--------------|
 *     a's output    -x--y|             x and y are sent, then a is closed with 1000
 *     b's output       --#             b is closed with 1011
 *     result       ------(B)-(A)------|
 *
 * It is a fault boundary: what the project throws or its output errors with closes that connection with 1011 (or as a
 * `CloseError` says; nothing else of the error reaches the peer), stands in `close.error`, goes to `onError`, and touches
 * no other connection. An output that completes is flushed and closes with 1000; `concatWith(NEVER)` keeps it open.
 * When the peer closes, `messages` completes and the output has `finishTimeoutMs` (1 s) to complete too; when the
 * connection is lost, the output is unsubscribed before `messages` completes, and an output that has the error of that loss (by `sendTo`,
 * say) has not failed.
 *
 * **Completes** when the source has completed and all connections have ended. **Errors with** the source's error, after
 * the connections that are alive were closed and their `Ended` emitted. **On unsubscribe** closes them with 1001 what was
 * accepted, with 1000 what was dialled. **Holds** the reading of a connection while its own sending is full; iterables
 * and readable streams are pulled only while it is writable.
 *
 * @example
 * listen({ port: 8080 }).pipe(handle(({ text }) => text.pipe(map((line) => line.toUpperCase())))).subscribe();
 */
export function handle<In, Out, Context>(
  project: (connection: Connection<In, Out, Context>) => ObservableInput<Out | Prepared<Out>>,
): OperatorFunction<Connection<In, Out, Context>, Ended<In, Out, Context>> {
  return (source) =>
    new Observable((subscriber) => {
      const alive = new Set<Conversation<In, Out, Context>>();
      let over: (() => void) | undefined;
      const settle = (): void => {
        if (alive.size === 0) over?.();
      };
      // One function for all of them.
      const ended: ConversationEnded<In, Out, Context> = (how, conversation) => {
        alive.delete(conversation);
        subscriber.next(how);
        settle();
      };
      const connections = source.subscribe({
        next: (connection) => {
          const conversation = new Conversation(connection, ended);
          alive.add(conversation);
          conversation.start(project);
        },
        error: (error: unknown) => {
          over = () => subscriber.error(error);
          for (const conversation of alive) conversation.leave();
          settle();
        },
        complete: () => {
          over = () => subscriber.complete();
          settle();
        },
      });
      return () => {
        try {
          connections.unsubscribe();
        } finally {
          for (const conversation of alive) conversation.abandon();
        }
      };
    });
}
