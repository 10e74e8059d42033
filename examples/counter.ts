// A conversation with states: hello (within 5 s, or 4408), then the work. Nothing is lost between the two subscriptions.
import { CloseError, type Handler, handle, json, listen } from 'rxjs-ws';
import { map, startWith, switchMap, take, throwError, timeout } from 'rxjs';

type In = { type: 'hello'; name: string } | { type: 'inc' } | { type: 'dec' };
type Out = { type: 'welcome'; name: string } | { type: 'count'; count: number };

const helloTimeoutMs = Number(process.env.HELLO_TIMEOUT_MS ?? 5_000);

export const counter: Handler<In, Out> = ({ messages }) =>
  messages.pipe(
    take(1),
    timeout({ first: helloTimeoutMs, with: () => throwError(() => new CloseError(4408, 'say hello')) }),
    switchMap((hello) => {
      if (hello.type !== 'hello') throw new CloseError(4400, 'hello first');
      let count = 0;
      return messages.pipe(
        map(({ type }) => ({ type: 'count' as const, count: type === 'inc' ? ++count : --count })),
        startWith({ type: 'welcome' as const, name: hello.name }),
      );
    }),
  );

listen({
  port: Number(process.env.PORT ?? 8080),
  codec: json<In, Out>(),
  listening: ({ url }) => console.log(url),
  onError: (error) => console.error(error),
})
  .pipe(handle(counter))
  .subscribe();
